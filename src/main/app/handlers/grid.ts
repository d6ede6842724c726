import { AppError } from '../../../shared/errors.ts'
import type { Metadata } from '../../../shared/model.ts'
import { checkMetadata } from '../../transfer/check-metadata.ts'
import type { MetadataChange } from '../../transfer/states.ts'
import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'
import { exportText } from '../text-export.ts'

interface Draft {
  profileId: string
  changes: Map<number, { set: Metadata; remove: string[] }>
}

/** Drafts of windows that were closed meanwhile make room. */
const MAX_DRAFTS = 4
const MAX_CHANGES = 200_000
const LISTED_BATCHES = 50
const CHUNK = 1_000

/** The metadata grid: its rows, and what is written from it. */
export function gridHandlers({ library, engine, profiles, host }: Services) {
  const { files, history } = library
  const drafts = new Map<number, Draft>()
  let last = 0
  history.prune(LISTED_BATCHES)

  function draftOf(id: number | null): { id: number; draft: Draft } {
    if (id === null) {
      last += 1
      if (drafts.size >= MAX_DRAFTS) drafts.delete(drafts.keys().next().value!)
      drafts.set(last, { profileId: profiles.active().id, changes: new Map() })
      return { id: last, draft: drafts.get(last)! }
    }
    const draft = drafts.get(id)
    if (draft === undefined || draft.profileId !== profiles.active().id) {
      throw new AppError('INPUT_INVALID', { detail: { field: 'draft', draft: id } })
    }
    return { id, draft }
  }

  /** Library numbers as file IDs; what is gone meanwhile is left out. */
  function* byFileId({ profileId, changes }: Draft): Generator<MetadataChange> {
    // Neighbours are on the same page of the library: written together they cost it half.
    const ids = [...changes.keys()].sort((a, b) => a - b)
    for (let at = 0; at < ids.length; at += CHUNK) {
      for (const row of files.get(profileId, ids.slice(at, at + CHUNK))) yield { fileId: row.fileId, ...changes.get(row.id)! }
    }
  }

  return {
    'grid.rows': ({ ids }) =>
      files.get(profiles.active().id, ids).map(({ id, fileId, name, metadata }) => ({ id, fileId, name, metadata })),

    'grid.stage': ({ draft: wanted, changes }) => {
      const { id, draft } = draftOf(wanted)
      for (const change of changes) {
        checkMetadata(change.set)
        draft.changes.set(change.id, { set: change.set, remove: change.remove })
      }
      if (draft.changes.size > MAX_CHANGES) throw new AppError('INPUT_INVALID', { detail: { field: 'changes', limit: MAX_CHANGES } })
      return { draft: id }
    },

    'grid.write': ({ draft: wanted }) => {
      const { id, draft } = draftOf(wanted)
      const started = engine.metadata({ profileId: draft.profileId, set: {}, remove: [], changes: byFileId(draft) })
      drafts.delete(id)
      return started
    },

    'grid.save': ({ name, text }) => exportText(host, name, text)
  } satisfies HandlersOf<'grid'>
}

export function historyHandlers({ library, engine, profiles }: Services) {
  const { history } = library
  return {
    'history.list': () => history.list(profiles.active().id, LISTED_BATCHES),

    'history.undo': ({ batchId }) => {
      const profileId = history.profileOf(batchId)
      // Former values belong to the cluster where they were.
      if (profileId === null || profileId !== profiles.active().id) {
        throw new AppError('INPUT_INVALID', { detail: { field: 'batchId', batchId } })
      }
      const undo = engine.metadata({ profileId, set: {}, remove: [], changes: history.former(batchId) })
      history.undone(batchId, undo.batchId)
      return undo
    }
  } satisfies HandlersOf<'history'>
}
