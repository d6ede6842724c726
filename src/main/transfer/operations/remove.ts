import { toAppError } from '../../../shared/errors.ts'
import { parseFileId } from '../../../shared/file-id.ts'
import type { OperationContext, Outcome } from '../operation.ts'

/** Deletes one file and the small pictures that were made of it. That it is gone already is what was wanted: a repeated delete answers so. */
export async function remove(ctx: OperationContext): Promise<Outcome> {
  const fileId = parseFileId(ctx.record.fileId ?? '').fileId
  ctx.step('deleting')
  // Its small pictures first: nobody would find them afterwards.
  for (const each of [...(ctx.thumbnails?.of(ctx.batch.profileId, fileId) ?? []), fileId]) {
    try {
      await ctx.store.remove(each, { signal: ctx.signal })
    } catch (error) {
      if (toAppError(error).code !== 'NOT_FOUND') throw error
    }
  }
  return { tag: 'done', fields: {}, library: { tag: 'deleted', fileId } }
}
