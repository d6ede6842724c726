import i18next from 'i18next'
import type { Diagnosis, DiagnosisNote, DiagnosisStep } from '../../../shared/model.ts'
import { describeError, errorSentences } from '../../../shared/error-texts.ts'
import { createFormat } from '../../i18n/format.ts'
import type { Language } from '../../i18n/index.ts'

/**
 * partly: the cluster answers, but some server of it cannot be reached from here. links: the cluster is fine, a web server of it is
 * not.
 */
export function verdictOf(diagnosis: Diagnosis): 'good' | 'links' | 'partly' | 'bad' {
  if (!diagnosis.ok) return diagnosis.groups.length > 0 ? 'partly' : 'bad'
  return diagnosis.steps.some((step) => step.target === 'web' && !step.ok) ? 'links' : 'good'
}

/** A finding that spoils no connection, but that its reader should act on. */
export function isWarning(step: DiagnosisStep): boolean {
  const { note } = step
  return (note?.code === 'clock' && note.differenceSeconds !== 0) || (note?.code === 'token' && note.wrong === 'delivered')
}

/** What is worth knowing about a hop beside its result; '' where there is nothing. */
export function noteText(note: DiagnosisNote | null, language: Language): string {
  const t = i18next.getFixedT(language, ['connections', 'cluster'])
  const format = createFormat(language)
  switch (note?.code) {
    case undefined:
      return ''
    case 'literal':
      return t('note.literal')
    case 'resolved':
      return t('note.resolved', { addresses: format.list(note.addresses) })
    case 'answered': {
      const times = { connect: format.number(note.connectMs), answer: format.number(note.answerMs) }
      if (note.leader === null) return t('note.answered', times)
      return t(note.leader ? 'note.answeredLeader' : 'note.answeredNotLeader', times)
    }
    case 'groups':
      return format.list(note.groups)
    case 'version':
      return t('note.version', {
        versions: note.versions.length === 0 ? t('note.versionUnknown') : format.list(note.versions),
        group: format.number(note.groupLayout),
        storage: format.number(note.storageLayout)
      })
    case 'clock':
      if (note.differenceSeconds === 0) return t('note.clockFits')
      return t(
        note.exact
          ? note.differenceSeconds > 0
            ? 'note.webAhead'
            : 'note.webBehind'
          : note.differenceSeconds > 0
            ? 'note.clockAhead'
            : 'note.clockBehind',
        {
          time: format.duration(Math.abs(note.differenceSeconds))
        }
      )
    case 'web': {
      if (note.status === null) return note.group
      const status = t('note.webStatus', { status: note.status })
      return note.fileId === null ? `${status} · ${t('note.webNoFile')}` : `${status} · ${note.fileId}`
    }
    case 'token':
      return t(`note.token.${note.wrong}`)
    case 'storage': {
      const facts = [note.group, t(`cluster:status.${note.status}`), note.version].filter((fact) => fact !== '').join(' · ')
      return note.told === null ? facts : `${facts} · ${t('note.told', { address: note.told })}`
    }
  }
}

/** The result of a connection test as text, for a mail or a ticket. */
export function diagnosisText(diagnosis: Diagnosis, language: Language): string {
  const t = i18next.getFixedT(language, 'connections')
  const lines = [t(`test.${verdictOf(diagnosis)}`)]
  if (diagnosis.groups.length > 0) lines.push(t('test.groups', { groups: diagnosis.groups.join(', ') }))
  for (const step of diagnosis.steps) {
    const text = noteText(step.note, language)
    const note = text === '' ? '' : ` (${text})`
    lines.push(
      '',
      `${!step.ok ? '✗' : isWarning(step) ? '!' : '✓'} ${t(`step.${step.target}`)} ${step.address}: ${t('test.ms', { ms: step.ms })}${note}`
    )
    if (step.error !== null) {
      lines.push(`  ${errorSentences(describeError(step.error, language), language)}`, `  [${step.error.message}]`)
    }
  }
  return lines.join('\n')
}
