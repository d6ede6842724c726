import { isAbsolute } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { HandlersOf } from '../dispatch.ts'
import { checkConfirmed } from '../production.ts'
import type { Services } from '../services.ts'

/** Everything is done in the profile that is active now; the batch stays with it afterwards. */
export function transfersHandlers({ engine, profiles, library }: Services) {
  return {
    'transfers.upload': ({ paths, group, tags, ...rest }) => {
      const { id, defaultGroup } = profiles.active()
      const relative = paths.find((path) => !isAbsolute(path))
      if (relative !== undefined) throw new AppError('LOCAL_NOT_FOUND', { detail: { path: relative } })
      return engine.upload({
        profileId: id,
        paths,
        group: group ?? defaultGroup ?? undefined,
        tags: library.order.tagNames(id, tags),
        ...rest
      })
    },
    'transfers.download': ({ selection, fileIds, target, keepFolders, conflict }) =>
      engine.download({ profileId: profiles.active().id, selection, fileIds, target: checkTarget(target), keepFolders, conflict }),
    'transfers.zip': ({ selection, fileIds, target, onMissing }) =>
      engine.zip({ profileId: profiles.active().id, selection, fileIds, target: checkTarget(target), onMissing }),
    'transfers.metadata': ({ selection, set, remove, overwrite }) =>
      engine.metadata({ profileId: profiles.active().id, selection, set, remove, overwrite }),
    'transfers.delete': ({ selection, confirmed }) => {
      checkConfirmed(profiles.active(), confirmed)
      return engine.remove({ profileId: profiles.active().id, selection })
    },
    'transfers.finish': ({ selection }) => engine.finish({ profileId: profiles.active().id, selection }),
    'transfers.snapshot': () => engine.snapshot(),
    'transfers.page': (request) => engine.page(request),
    'transfers.control': async ({ action, batchId, transferId }) => {
      await engine.control(action, { batchId, transferId })
      return null
    },
    'transfers.batch': ({ batchId }) => engine.batch(batchId),
    'transfers.prioritise': ({ batchId, priority }) => {
      engine.setPriority(batchId, priority)
      return null
    },
    'transfers.conflicts': ({ batchId, afterSeq, limit }) => engine.conflicts.list(batchId, afterSeq, limit),
    'transfers.compare': ({ transferIds }) => engine.conflicts.compare(transferIds),
    'transfers.resolve': async ({ batchId, choices, rest }) => {
      await engine.conflicts.resolve(batchId, choices, rest)
      return null
    }
  } satisfies HandlersOf<'transfers'>
}

/** Relative to what would be chance. */
function checkTarget(target: string): string {
  if (!isAbsolute(target)) throw new AppError('INPUT_INVALID', { detail: { field: 'target', reason: target.slice(0, 200) } })
  return target
}
