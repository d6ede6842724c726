import { AppError } from '../../../shared/errors.ts'
import { parseFileId } from '../../../shared/file-id.ts'
import type { OperationContext, Outcome } from '../operation.ts'
import { final } from '../operation.ts'
import { parseFinishState } from '../states.ts'
import { finish, isFinishedEverywhere, isReplicated } from './upload-finish.ts'

/**
 * Makes a normal file of an appender that was kept because replicas were behind: the same steps and the same care as at the end of an
 * upload. Metadata does not follow the new ID by itself: it is read first and journalled, and written again after. A file that is no
 * appender is passed over.
 */
export async function finishLater(ctx: OperationContext): Promise<Outcome> {
  const { store, signal } = ctx
  const job = { ctx, state: parseFinishState(ctx.record.state) }
  const { state } = job
  if (state.stored === undefined) {
    const fileId = state.appender?.fileId ?? ctx.record.fileId ?? ''
    if (parseFileId(fileId).kind !== 'appender') return { tag: 'skipped', fields: {} }
    const source = await store.source(fileId, { signal })
    if (state.appender === undefined) {
      ctx.step('checking')
      const metadata = await store.getMetadata(fileId, { endpoint: source, signal })
      const { sizeBytes, crc32 } = await store.info(fileId, { endpoint: source }, { signal })
      state.appender = { fileId, sentBytes: sizeBytes, crc32, finishing: false }
      state.metadata = metadata
      await ctx.commit({ sizeBytes, state })
    }
    const { sentBytes, finishing } = state.appender
    // Once command 38 was sent, the old name may be gone everywhere.
    if (!finishing && !(await isReplicated(job, source, sentBytes))) throw new AppError('NOT_SYNCED', { detail: { fileId } })
    const finished = await finish(job, source, sentBytes)
    if (finished === null) throw final(new AppError('UNSUPPORTED', { detail: { fileId } }))
    state.stored = { fileId: finished, crc32: parseFileId(finished).crc32 ?? 0, replicated: false }
    state.formerId = fileId
    delete state.appender
    await ctx.commit({ fileId: finished, state })
  }
  const { fileId, crc32 } = state.stored
  const metadata = state.metadata ?? {}
  if (Object.keys(metadata).length > 0) {
    ctx.step('describing')
    await store.setMetadata(fileId, metadata, 'overwrite', { signal })
  }
  const replicated = await isFinishedEverywhere(job, state.formerId!, fileId)
  const sizeBytes = parseFileId(fileId).sizeBytes ?? ctx.record.sizeBytes
  return {
    tag: 'done',
    fields: { fileId, sizeBytes, doneBytes: sizeBytes, state: null },
    library: {
      tag: 'renamed',
      from: state.formerId!,
      fileId,
      sizeBytes,
      crc32,
      state: replicated && Object.keys(metadata).length === 0 ? 'present' : 'syncing',
      metadata
    }
  }
}
