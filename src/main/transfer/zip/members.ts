import { AppError, toAppError } from '../../../shared/errors.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { tryParseFileId } from '../../../shared/file-id.ts'
import type { TransferTag } from '../../../shared/model.ts'
import type { TransferJournal, TransferPatch, TransferRecord } from '../../library/types.ts'
import { createNameSet, safeFolder, safeName } from '../names.ts'
import { hasOtherFolder } from '../saved-name.ts'
import { parseZipState } from '../states.ts'
import type { ZipState } from '../states.ts'

/** One file of an archive, as far as it is known. */
export interface ZipMember {
  readonly id: number
  readonly fileId: string
  tag: TransferTag
  error: ErrorData | null
  name: string
  /** Safe. */
  readonly folder: string
  /** The folder had to be called otherwise than it is. */
  readonly otherFolder: boolean
  sizeBytes: number
  doneBytes: number
  state: ZipState
}

/** Name of the report inside the archive; no member gets it. */
export const REPORT = '_missing.txt'
const PAGE = 1_000
const PARALLEL = 12

/** All members in their order. Other work gets its turn while a hundred thousand are read. */
export async function loadMembers(journal: TransferJournal, batchId: number, signal: AbortSignal): Promise<ZipMember[]> {
  const members: ZipMember[] = []
  for (let afterSeq = -1; ;) {
    signal.throwIfAborted()
    const rows = journal.page(batchId, {}, afterSeq, PAGE)
    for (const row of rows) members.push(memberOf(row))
    if (rows.length < PAGE) return members
    afterSeq = rows.at(-1)!.seq
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function memberOf(row: TransferRecord): ZipMember {
  const { id, tag, error, name, sizeBytes, doneBytes } = row
  return {
    id,
    fileId: row.fileId ?? '',
    tag,
    error,
    name,
    folder: safeFolder(row.folder),
    otherFolder: hasOtherFolder(row.folder),
    sizeBytes,
    doneBytes,
    state: parseZipState(row.state)
  }
}

/** What changes of a member, in memory and in its row. */
export type MemberFields = Pick<TransferPatch, 'tag' | 'step' | 'error' | 'name' | 'sizeBytes' | 'doneBytes'> & { state?: ZipState }

export interface Measuring {
  /** Size and CRC-32 where the ID does not tell. */
  info(fileId: string): Promise<{ sizeBytes: number; crc32: number }>
  /** The name in the metadata; null = none. */
  nameOf(fileId: string): Promise<string | null>
  /** A member that cannot be had; may throw to stop everything. */
  failed(member: ZipMember, error: AppError): void
  change(member: ZipMember, fields: MemberFields): void
  /** So many got another name than their own. */
  renamed(count: number): void
  signal: AbortSignal
}

/**
 * Finds out what the plan needs: size, CRC-32, and a name of its own for every member. What is found is journalled, so that the
 * plan of a resumed archive is the same to the byte.
 */
export async function measureMembers(members: readonly ZipMember[], m: Measuring): Promise<void> {
  const unknown = members.filter((member) => member.tag === 'queued' && !member.state.sized)
  let next = 0
  const work = async (): Promise<void> => {
    for (let member = unknown[next++]; member !== undefined; member = unknown[next++]) {
      m.signal.throwIfAborted()
      try {
        await measure(member, m)
      } catch (error) {
        m.failed(member, toAppError(error))
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.min(PARALLEL, unknown.length) }, work))
  const failure = ends.find((end) => end.status === 'rejected')
  if (failure !== undefined) throw failure.reason
  nameMembers(members, unknown, m)
}

async function measure(member: ZipMember, m: Measuring): Promise<void> {
  const facts = tryParseFileId(member.fileId)
  if (facts === null) throw new AppError('FILE_ID_INVALID', { detail: { fileId: member.fileId } })
  member.state.modifiedAt = facts.createdAtSeconds * 1000
  const { sizeBytes, crc32 } =
    facts.sizeBytes !== null && facts.crc32 !== null ? { sizeBytes: facts.sizeBytes, crc32: facts.crc32 } : await m.info(member.fileId)
  member.state.crc32 = crc32
  m.change(member, { sizeBytes })
  if (member.state.nameless) member.name = (await m.nameOf(member.fileId)) ?? member.name
}

/** Names are given in the order of the members, after those that have one from an earlier try. */
function nameMembers(members: readonly ZipMember[], fresh: readonly ZipMember[], m: Measuring): void {
  const names = createNameSet()
  names.claim('', REPORT)
  for (const member of members) if (member.state.sized) names.claim(member.folder, member.name)
  let renamed = 0
  for (const member of fresh) {
    if (member.tag !== 'queued') continue
    const own = member.name
    const name = names.claim(member.folder, safeName(own))
    const other = name !== own.normalize('NFC')
    if (other || member.otherFolder) renamed += 1
    const state = { ...member.state, sized: true, nameless: false, ...(other ? { was: own } : {}) }
    m.change(member, { name, sizeBytes: member.sizeBytes, state })
  }
  m.renamed(renamed)
}

export function pathOf(member: ZipMember): string {
  return member.folder === '' ? member.name : `${member.folder}/${member.name}`
}

/** The report of what is not in the archive. */
export function reportText(members: readonly ZipMember[]): string {
  const lines = members.filter((member) => isLeftOut(member)).map((member) => [pathOf(member), member.fileId, reasonOf(member)].join('\t'))
  return `These files could not be included (name, file ID, reason):\r\n\r\n${lines.join('\r\n')}\r\n`
}

function reasonOf(member: ZipMember): string {
  if (member.tag === 'cancelled') return 'CANCELLED'
  return member.error === null ? 'UNKNOWN' : member.error.code
}

export function isLeftOut(member: ZipMember): boolean {
  return member.tag === 'failed' || member.tag === 'cancelled' || member.tag === 'skipped'
}
