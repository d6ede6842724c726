import { rm, rmdir } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { toAppError } from '../../shared/errors.ts'
import type { TransferRecord } from '../library/types.ts'
import type { Batch } from './batch.ts'
import type { Core } from './core.ts'
import type { PatchFields } from './operation.ts'
import { parseDownloadState, parseUploadState } from './states.ts'

/** More than this are counted, not listed. */
const MAX_LISTED = 1_000

/** Removes what transfers leave behind. Never fails: what cannot be removed on the server is listed with the batch. */
export interface CleanUp {
  /** A cancelled transfer: its unfinished remote file, its `.part`, its file in the spool. */
  cancelled(batch: Batch, record: TransferRecord): void
  /** The source file of a finished upload, if it lies in the spool. */
  spool(batch: Batch, record: TransferRecord): void
  /** A remote file that nobody wants could not be removed. */
  leftOver(batch: Batch, fileId: string): void
  /** Tries the left-overs of a batch again. */
  retry(batch: Batch): void
}

export function createCleanUp(core: Core): CleanUp {
  /** Batches whose left-overs the user was told of. */
  const told = new Set<number>()
  const root = core.options.spoolRoot === undefined ? null : resolve(core.options.spoolRoot) + sep

  function chore(run: () => Promise<void>): void {
    const done = run()
      .catch(() => undefined)
      .finally(() => core.chores.delete(done))
    core.chores.add(done)
  }

  async function removeListed(batch: Batch, fileId: string): Promise<void> {
    try {
      await core.options.store(batch.record.profileId).remove(fileId, { signal: core.stop.signal })
    } catch (error) {
      const { code } = toAppError(error)
      if (code !== 'NOT_FOUND') {
        if (code !== 'ABORTED' && !told.has(batch.id)) core.notice('info', 'LEFTOVERS', { batchId: batch.id, title: batch.record.title })
        told.add(batch.id)
        return
      }
    }
    setLeftovers(
      batch,
      leftoversOf(batch).filter((other) => other !== fileId)
    )
  }

  /** The row begins anew if it is tried again. */
  function forget(batch: Batch, record: TransferRecord, fields: PatchFields): void {
    batch.totals.doneBytes -= record.doneBytes
    const anew = { ...fields, doneBytes: 0 }
    Object.assign(record, anew)
    core.writer.write({ id: record.id, ...anew })
  }

  function setLeftovers(batch: Batch, leftovers: string[]): void {
    if (batch.options.kind !== 'upload') return
    batch.options = { ...batch.options, leftovers: leftovers.slice(0, MAX_LISTED) }
    try {
      core.options.journal.patchBatch(batch.id, { options: batch.options })
    } catch (error) {
      core.trouble(toAppError(error))
    }
  }

  const leftoversOf = (batch: Batch): string[] => (batch.options.kind === 'upload' ? batch.options.leftovers : [])

  function leftOver(batch: Batch, fileId: string): void {
    if (!leftoversOf(batch).includes(fileId)) setLeftovers(batch, [...leftoversOf(batch), fileId])
  }

  function spool(batch: Batch, record: TransferRecord): void {
    const path = record.localPath
    if (root === null || path === null || batch.options.kind !== 'upload' || !resolve(path).startsWith(root)) return
    chore(async () => {
      await rm(path, { force: true })
      // Folders are left when they are empty; one that is not refuses.
      for (let folder = dirname(resolve(path)); folder.startsWith(root); folder = dirname(folder)) await rmdir(folder)
    })
  }

  return {
    spool,
    leftOver,
    cancelled(batch, record) {
      spool(batch, record)
      if (record.state === null) return
      if (batch.options.kind === 'upload') {
        const state = parseUploadState(record.state)
        const fileId = state.stored?.fileId ?? state.appender?.fileId
        if (fileId === undefined) return
        // Listed before the row forgets it: whatever happens, somebody knows of it until it is gone.
        leftOver(batch, fileId)
        forget(batch, record, { fileId: null, state: { ...state, stored: undefined, appender: undefined, identity: undefined } })
        chore(() => removeListed(batch, fileId))
      } else if (batch.options.kind === 'download') {
        const { partPath, nameless } = parseDownloadState(record.state)
        if (partPath === undefined) return
        forget(batch, record, { state: { nameless } })
        chore(() => rm(partPath, { force: true }))
      }
    },
    retry(batch) {
      for (const fileId of leftoversOf(batch)) chore(() => removeListed(batch, fileId))
    }
  }
}
