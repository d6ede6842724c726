import type { CallName, CallParsed } from '../../shared/contract.ts'
import type { AuditAction, AuditEntry, FileSelection } from '../../shared/model.ts'
import type { Handlers } from './dispatch.ts'
import { rowsOf } from './selection.ts'
import type { Services } from './services.ts'

/** What a call is about to do, told before it is done: afterwards the names may be gone. */
interface Planned {
  action: AuditAction
  selection?: FileSelection
  batchId?: number | undefined
  transferId?: number | undefined
  /** Numbers of the trash; 'all' = everything in it. */
  trashed?: readonly number[] | 'all'
  detail?: string
}

/** Beyond so many files the rest of a selection is one line. */
const MAX_LINES = 100_000
const WRITTEN_AT_ONCE = 1_000

/** Calls that change the library, or end transfers, without a transfer of their own to tell it. */
const PLANS: { [N in CallName]?: (input: CallParsed<N>) => Planned | null } = {
  'files.rename': ({ id, name }) => ({ action: 'rename', selection: { ids: [id] }, detail: name }),
  'files.move': ({ selection, folder }) => ({ action: 'move', selection, detail: folder }),
  'files.forget': ({ selection }) => ({ action: 'forget', selection }),
  'trash.put': ({ selection }) => ({ action: 'trash', selection }),
  'trash.restore': ({ ids }) => ({ action: 'restore', trashed: ids ?? 'all' }),
  'transfers.control': ({ action, batchId, transferId }) => (action === 'cancel' ? { action: 'cancel', batchId, transferId } : null)
}

type Facts = Omit<AuditEntry, 'action' | 'result' | 'error' | 'profileId' | 'profile'>

/** The same handlers; what those calls did goes to the activity log once it is done. */
export function auditedHandlers(
  handlers: Handlers,
  { library, profiles, engine, audit }: Pick<Services, 'library' | 'profiles' | 'engine' | 'audit'>
): Handlers {
  const factsOf = async (planned: Planned): Promise<Facts[]> => {
    const { selection, detail, action } = planned
    if (selection) return filesOf(selection, detail)
    if (planned.trashed) return trashedFiles(planned.trashed)
    if (action !== 'cancel') return []
    if (planned.transferId !== undefined) {
      const record = library.journal.transfer(planned.transferId)
      return record ? [{ fileId: record.fileId, name: record.name, localPath: record.localPath, sizeBytes: record.sizeBytes }] : []
    }
    const { batches, totals } = engine.snapshot()
    const stopped =
      planned.batchId === undefined
        ? batches.filter(({ finishedAt }) => finishedAt === null)
        : batches.filter(({ id }) => id === planned.batchId)
    const open = (counts: typeof totals.counts) => counts.queued + counts.running + counts.waiting + counts.paused
    return stopped.map(({ title, kind, counts, target }) => ({
      fileId: null,
      name: title,
      localPath: target,
      sizeBytes: 0,
      detail: kind,
      files: open(counts)
    }))
  }
  const trashedFiles = (ids: readonly number[] | 'all'): Facts[] => {
    const profileId = profiles.active().id
    const all = ids === 'all' ? library.trash.ids(profileId) : ids
    const facts: Facts[] = []
    for (let at = 0; at < Math.min(all.length, MAX_LINES); at += WRITTEN_AT_ONCE) {
      for (const { fileId, name, sizeBytes } of library.trash.rows(profileId, all.slice(at, at + WRITTEN_AT_ONCE)))
        facts.push({ fileId, name, localPath: null, sizeBytes: sizeBytes ?? 0 })
    }
    const more = all.length - MAX_LINES
    if (more > 0) facts.push({ fileId: null, name: '', localPath: null, sizeBytes: 0, files: more })
    return facts
  }
  const filesOf = async (selection: FileSelection, detail: string | undefined): Promise<Facts[]> => {
    const facts: Facts[] = []
    let more = 0
    for await (const rows of rowsOf(library.files, profiles.active().id, selection)) {
      for (const { fileId, name, sizeBytes } of rows) {
        if (facts.length < MAX_LINES) facts.push({ fileId, name, localPath: null, sizeBytes: sizeBytes ?? 0, detail })
        else more += 1
      }
    }
    if (more > 0) facts.push({ fileId: null, name: '', localPath: null, sizeBytes: 0, detail, files: more })
    return facts
  }
  const wrapped = Object.entries(PLANS).map(([name, plan]) => {
    const handler = handlers[name as CallName] as (input: unknown) => unknown
    const audited = async (input: unknown): Promise<unknown> => {
      const planned = (plan as (input: unknown) => Planned | null)(input)
      if (planned === null) return handler(input)
      const { id: profileId, name: profile } = profiles.active()
      const facts = await factsOf(planned)
      const answer = await handler(input)
      for (let at = 0; at < facts.length; at += WRITTEN_AT_ONCE) {
        const some = facts.slice(at, at + WRITTEN_AT_ONCE)
        audit.add(some.map((fact) => ({ action: planned.action, result: 'done', profileId, profile, error: null, ...fact })))
      }
      return answer
    }
    return [name, audited] as const
  })
  return { ...handlers, ...(Object.fromEntries(wrapped) as Partial<Handlers>) }
}
