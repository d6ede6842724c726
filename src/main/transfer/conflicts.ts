import { lstatSync } from 'node:fs'
import { setImmediate as breathe } from 'node:timers/promises'
import { AppError, toAppError } from '../../shared/errors.ts'
import { tryParseFileId } from '../../shared/file-id.ts'
import type { ConflictChoice, ConflictComparison, ConflictView } from '../../shared/model.ts'
import type { TransferPatch, TransferRecord } from '../library/types.ts'
import type { Batch } from './batch.ts'
import type { Core } from './core.ts'
import { crcOfFile } from './operations/download-files.ts'
import { columns, isHeld } from './row-state.ts'
import type { Runner } from './runner.ts'
import { parseDownloadState } from './states.ts'
import { wasThere } from './targets.ts'

const PAGE = 1_000

/**
 * Downloads whose target exists, where the user wants to be asked: they are held (paused, with TARGET_EXISTS) while all others
 * go on, until a choice is made for them or for the rest of their batch. Resuming one asks again; cancelling works as ever.
 */
export interface Conflicts {
  /** In the order of the batch; pass the cursor back for the next page. */
  list(batchId: number, afterSeq: number, limit: number): { rows: ConflictView[]; cursor: number | null }
  /** Reads the local files and asks the servers what IDs do not tell. An error concerns one row only. */
  compare(transferIds: readonly number[]): Promise<ConflictComparison[]>
  /** `rest`: also for all that are held and named in no choice, and for those that are met later. */
  resolve(
    batchId: number,
    choices: readonly { transferId: number; choice: ConflictChoice }[],
    rest: ConflictChoice | undefined
  ): Promise<void>
}

/** Holds what is known to be taken before anything runs, so that the whole list can be asked at once. */
export async function holdTaken(core: Core, batch: Batch): Promise<void> {
  const { options, record } = batch
  if (options.kind !== 'download' || options.conflict !== 'ask') return
  const { journal } = core.options
  for (let afterSeq = -1; !core.closing && !batch.ending;) {
    const rows = journal.page(batch.id, { tags: ['queued'] }, afterSeq, PAGE)
    const patches: TransferPatch[] = []
    for (const row of rows) {
      // What only the server can name is found out when it runs.
      if (parseDownloadState(row.state).nameless) continue
      const path = core.targets.wanted(record.target ?? '', options.keepFolders ? row.folder : '', row.name)
      if (!wasThere(path, record.createdAt)) continue
      const error = new AppError('TARGET_EXISTS', { detail: { path } }).toData()
      patches.push({ id: row.id, ...columns({ tag: 'paused', attempt: 0, error }) })
      batch.moved('queued', 'paused')
    }
    journal.patch(patches, false)
    batch.conflicts += patches.length
    if (rows.length < PAGE) return
    afterSeq = rows.at(-1)!.seq
    await breathe()
  }
}

export function createConflicts(core: Core, runner: Runner): Conflicts {
  const { journal, clock } = core.options

  function* held(batchId: number): Generator<TransferRecord> {
    for (let afterSeq = -1; ;) {
      const rows = journal.page(batchId, { tags: ['paused'] }, afterSeq, PAGE)
      for (const row of rows) if (isHeld(row)) yield row
      if (rows.length < PAGE) return
      afterSeq = rows.at(-1)!.seq
    }
  }

  function resume(batch: Batch, row: TransferRecord, choice: ConflictChoice | null): void {
    if (choice !== null) core.writer.write({ id: row.id, state: { ...parseDownloadState(row.state), conflict: choice } })
    runner.send(batch, row.id, { tag: 'resume', at: clock.now() })
  }

  async function comparison(row: TransferRecord, profileId: string): Promise<ConflictComparison> {
    const nothing = { transferId: row.id, local: null, remote: null, same: null }
    const { signal } = core.stop
    try {
      const remote = await remoteFacts(row.fileId ?? '', profileId, signal)
      const path = pathOf(row)
      const sizeBytes = lstatSync(path, { throwIfNoEntry: false })?.size
      const crc32 = sizeBytes === undefined ? null : await crcOfFile(path, sizeBytes, '', signal)
      const local = sizeBytes === undefined || crc32 === null ? null : { sizeBytes, crc32 }
      const same = local === null ? null : local.sizeBytes === remote.sizeBytes && local.crc32 === remote.crc32
      return { ...nothing, local, remote, same, error: null }
    } catch (error) {
      return { ...nothing, error: toAppError(error).toData() }
    }
  }

  async function remoteFacts(fileId: string, profileId: string, signal: AbortSignal): Promise<{ sizeBytes: number; crc32: number }> {
    const facts = tryParseFileId(fileId)
    if (facts !== null && facts.sizeBytes !== null && facts.crc32 !== null) return { sizeBytes: facts.sizeBytes, crc32: facts.crc32 }
    const { sizeBytes, crc32 } = await core.options.store(profileId).info(fileId, {}, { signal })
    return { sizeBytes, crc32 }
  }

  return {
    list(batchId, afterSeq, limit) {
      core.writer.flush()
      const rows = journal.page(batchId, { tags: ['paused'] }, afterSeq, limit)
      return { rows: rows.filter((row) => isHeld(row)).map((row) => viewOf(row)), cursor: rows.length < limit ? null : rows.at(-1)!.seq }
    },

    async compare(transferIds) {
      core.writer.flush()
      const found: ConflictComparison[] = []
      for (const id of transferIds) {
        const row = journal.transfer(id)
        const batch = row === null ? null : journal.batch(row.batchId)
        if (row !== null && batch !== null && isHeld(row)) found.push(await comparison(row, batch.profileId))
      }
      return found
    },

    async resolve(batchId, choices, rest) {
      const batch = core.batches.get(batchId)
      if (batch === undefined || batch.options.kind !== 'download') return
      core.writer.flush()
      for (const [index, { transferId, choice }] of choices.entries()) {
        const row = journal.transfer(transferId)
        if (row !== null && row.batchId === batchId && isHeld(row)) resume(batch, row, choice)
        if (index % PAGE === PAGE - 1) await breathe()
      }
      if (rest === undefined) return
      // Journalled before anything is let go: what is met later, and after a restart, needs no other answer.
      batch.options = { ...batch.options, conflict: rest }
      journal.patchBatch(batchId, { options: batch.options })
      core.writer.flush()
      for (const [index, row] of [...held(batchId)].entries()) {
        resume(batch, row, null)
        if (index % PAGE === PAGE - 1) await breathe()
      }
    }
  }
}

/** What is in the way. */
function pathOf(row: TransferRecord): string {
  return String(row.error?.detail?.['path'] ?? '')
}

function viewOf(row: TransferRecord): ConflictView {
  const path = pathOf(row)
  const facts = row.fileId === null ? null : tryParseFileId(row.fileId)
  const state = parseDownloadState(row.state)
  const there = statQuietly(path)
  return {
    transferId: row.id,
    name: row.name,
    path,
    local: there === null ? null : { sizeBytes: there.size, modifiedAt: Math.round(there.mtimeMs) },
    remote: {
      sizeBytes: facts?.sizeBytes ?? state.sizeBytes ?? null,
      crc32: facts?.crc32 ?? state.crc32 ?? null,
      createdAt: facts === null ? null : facts.createdAtSeconds * 1000
    }
  }
}

function statQuietly(path: string): { size: number; mtimeMs: number } | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    return null
  }
}
