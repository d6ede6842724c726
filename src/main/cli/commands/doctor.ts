/** doctor: the connection tested hop by hop, in words. */
import type { Diagnosis, DiagnosisNote, DiagnosisStep } from '../../../shared/model.ts'
import { createAddressBook } from '../../app/address-book.ts'
import { diagnose } from '../../cluster/diagnose.ts'
import { UsageError } from '../args.ts'
import type { Context } from '../context.ts'
import { type Output, formatSeconds, printable } from '../output.ts'
import type { CliTexts } from '../texts.ts'

type DoctorTexts = CliTexts['doctor']

/** Ends with status 0 when a tracker answers and every storage that it calls active can be reached from here. */
export async function doctor(context: Context): Promise<void> {
  const { args, output, signal } = context
  if (args.positionals.length > 0) throw new UsageError('doctor takes no arguments')
  const { addresses, profile } = await context.cluster()
  const book = createAddressBook(profile ?? { addressMap: {}, storageIds: {} })
  const diagnosis = await diagnose({
    trackers: addresses,
    mapAddress: book.map,
    otherAddresses: book.others,
    onStorages: book.learn,
    signal
  })
  if (!diagnosis.ok) output.failed++
  if (output.json) return printObjects(diagnosis, output)
  const t = output.texts.doctor
  for (const step of diagnosis.steps) output.line(describeStep(step, output))
  output.line(verdict(diagnosis, t))
  const proposed = Object.entries(diagnosis.addressMap).map(([told, reachable]) => `  ${printable(told)} → ${printable(reachable)}`)
  if (proposed.length === 0) return
  output.line(t.otherAddresses)
  for (const line of proposed) output.line(line)
}

/** One object per hop, then one with the verdict. */
function printObjects({ ok, steps, groups, addressMap }: Diagnosis, output: Output): void {
  for (const { error, ...step } of steps) output.record({ ...step, ...(error === null ? {} : { error: output.describe(error) }) })
  output.record({ ok, target: 'verdict', groups, addressMap })
}

function verdict({ ok, groups }: Diagnosis, t: DoctorTexts): string {
  if (ok) return t.well(groups.length, printable(groups.join(', ')))
  return groups.length > 0 ? t.partly : t.nothing
}

function describeStep({ ok, target, address, ms, note, error }: DiagnosisStep, output: Output): string {
  const facts = describeNote(note, output.texts.doctor)
  const line = `${ok ? 'ok  ' : 'FAIL'}  ${target.padEnd(8)} ${printable(address)}  ${Math.round(ms)} ms${facts === '' ? '' : `  ${printable(facts)}`}`
  if (error === null) return line
  const { message, advice } = output.describe(error)
  return `${line}\n      ${printable(`${message} ${advice}`)}`
}

function describeNote(note: DiagnosisNote | null, t: DoctorTexts): string {
  switch (note?.code) {
    case undefined:
      return ''
    case 'literal':
      return t.literal
    case 'resolved':
      return note.addresses.join(', ')
    case 'answered':
      return `${t.answered(note.answerMs)}${note.leader === null ? '' : note.leader ? t.leader : t.notLeader}`
    case 'groups':
      return note.groups.join(', ')
    case 'version':
      return note.versions.length === 0 ? t.versionUnknown : t.version(note.versions.join(', '))
    case 'web':
      return `${note.group} ${note.status ?? ''}`.trim()
    case 'token':
      return t.wrongToken(note.wrong)
    case 'clock': {
      const { differenceSeconds: seconds } = note
      if (seconds === 0) return t.sameClock
      return seconds > 0 ? t.ahead(formatSeconds(seconds)) : t.behind(formatSeconds(-seconds))
    }
    case 'storage': {
      const facts = [note.group, note.status, ...(note.version === '' ? [] : [`v${note.version}`])]
      return note.told === null ? facts.join(', ') : facts.join(', ') + t.mapped(note.told)
    }
  }
}
