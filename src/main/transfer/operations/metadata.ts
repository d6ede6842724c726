import { AppError } from '../../../shared/errors.ts'
import { parseFileId } from '../../../shared/file-id.ts'
import type { Metadata, MetadataPatch } from '../../../shared/model.ts'
import type { OperationContext, Outcome } from '../operation.ts'
import { parseMetadataState } from '../states.ts'
import type { MetadataOptions } from '../states.ts'

/**
 * Changes the metadata of one file: as the batch says, or as the row itself does. What was there before is read first: the
 * server can only replace the whole set or add to it, and former values are kept for undoing. The result is read back: it is
 * what the library learns, and proof that the server has it.
 */
export async function changeMetadata(ctx: OperationContext, options: MetadataOptions): Promise<Outcome> {
  const fileId = parseFileId(ctx.record.fileId ?? '').fileId
  const { store, signal } = ctx
  const state = parseMetadataState(ctx.record.state)
  const patch: MetadataPatch = state.change === undefined ? options : { ...state.change, overwrite: false }
  ctx.step('describing')
  const current = await store.getMetadata(fileId, { signal })
  const before = state.before ?? current
  // Journalled before anything is sent: the next try must not take its own result for what was there before.
  if (state.before === undefined) ctx.writeNow({ state: { ...state, before } })
  if (patch.overwrite) await store.setMetadata(fileId, patch.set, 'overwrite', { signal })
  else if (patch.remove.length === 0) await store.setMetadata(fileId, patch.set, 'merge', { signal })
  else await store.setMetadata(fileId, patched(current, patch), 'overwrite', { signal })
  ctx.step('checking')
  const metadata = await store.getMetadata(fileId, { signal })
  const wrong = firstDifference(metadata, patch)
  // A replica that answers with what it had before: a moment later it has followed.
  if (wrong !== null) throw new AppError('NOT_SYNCED', { detail: { fileId, key: wrong } })
  const readAt = ctx.clock.now()
  return {
    tag: 'done',
    fields: {},
    library: { tag: 'metadata', fileId, metadata, readAt, change: { batchId: ctx.batch.id, ...differences(before, metadata) } }
  }
}

function patched(current: Metadata, patch: MetadataPatch): Metadata {
  const removed = new Set(patch.remove)
  const kept = Object.entries(current).filter(([key]) => !removed.has(key))
  return { ...Object.fromEntries(kept), ...patch.set }
}

/** A key that is not as it was asked for; null = all are. */
function firstDifference(metadata: Metadata, patch: MetadataPatch): string | null {
  for (const [key, value] of Object.entries(patch.set)) if (metadata[key] !== value) return key
  for (const key of Object.keys(metadata)) {
    if (Object.hasOwn(patch.set, key)) continue
    if (patch.overwrite || patch.remove.includes(key)) return key
  }
  return null
}

/** The keys whose values differ, with their values on both sides; null = the key is not there. */
function differences(was: Metadata, is: Metadata): { before: Record<string, string | null>; after: Record<string, string | null> } {
  const before: Record<string, string | null> = {}
  const after: Record<string, string | null> = {}
  const valueOf = (metadata: Metadata, key: string) => (Object.hasOwn(metadata, key) ? (metadata[key] ?? null) : null)
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (valueOf(was, key) === valueOf(is, key)) continue
    before[key] = valueOf(was, key)
    after[key] = valueOf(is, key)
  }
  return { before, after }
}
