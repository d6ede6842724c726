import { AppError } from '../../../shared/errors.ts'
import { parseFileId } from '../../../shared/file-id.ts'
import type { Metadata } from '../../../shared/model.ts'
import type { OperationContext, Outcome } from '../operation.ts'
import type { MetadataOptions } from '../states.ts'

/**
 * Changes the metadata of one file. What is removed has to be read first, since the server can only replace the whole set or
 * add to it. The result is read back: it is what the library learns, and proof that the server has it.
 */
export async function changeMetadata(ctx: OperationContext, options: MetadataOptions): Promise<Outcome> {
  const fileId = parseFileId(ctx.record.fileId ?? '').fileId
  const { store, signal } = ctx
  ctx.step('describing')
  if (options.overwrite) await store.setMetadata(fileId, options.set, 'overwrite', { signal })
  else if (options.remove.length === 0) await store.setMetadata(fileId, options.set, 'merge', { signal })
  else {
    const current = await store.getMetadata(fileId, { signal })
    await store.setMetadata(fileId, patched(current, options), 'overwrite', { signal })
  }
  ctx.step('checking')
  const metadata = await store.getMetadata(fileId, { signal })
  const wrong = firstDifference(metadata, options)
  // A replica that answers with what it had before: a moment later it has followed.
  if (wrong !== null) throw new AppError('NOT_SYNCED', { detail: { fileId, key: wrong } })
  return { tag: 'done', fields: {}, library: { tag: 'metadata', fileId, metadata, readAt: ctx.clock.now() } }
}

function patched(current: Metadata, options: MetadataOptions): Metadata {
  const removed = new Set(options.remove)
  const kept = Object.entries(current).filter(([key]) => !removed.has(key))
  return { ...Object.fromEntries(kept), ...options.set }
}

/** A key that is not as it was asked for; null = all are. */
function firstDifference(metadata: Metadata, options: MetadataOptions): string | null {
  for (const [key, value] of Object.entries(options.set)) if (metadata[key] !== value) return key
  for (const key of Object.keys(metadata)) {
    if (Object.hasOwn(options.set, key)) continue
    if (options.overwrite || options.remove.includes(key)) return key
  }
  return null
}
