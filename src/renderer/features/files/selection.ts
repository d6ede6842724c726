/** Which files are selected: some by number, or everything the query finds but some. Pure. */
import type { FileQuery, FileSelection } from '../../../shared/model.ts'

export type Selection = { tag: 'some'; ids: ReadonlySet<number> } | { tag: 'all'; except: ReadonlySet<number> }

export const NOTHING: Selection = { tag: 'some', ids: new Set() }
export const EVERYTHING: Selection = { tag: 'all', except: new Set() }

export function isSelected(selection: Selection, id: number): boolean {
  return selection.tag === 'some' ? selection.ids.has(id) : !selection.except.has(id)
}

/** `total` = what the query finds. */
export function selectedCount(selection: Selection, total: number): number {
  return selection.tag === 'some' ? selection.ids.size : Math.max(0, total - selection.except.size)
}

export function only(ids: Iterable<number>): Selection {
  return { tag: 'some', ids: new Set(ids) }
}

export function toggled(selection: Selection, id: number): Selection {
  const change = (set: ReadonlySet<number>): Set<number> => {
    const next = new Set(set)
    if (!next.delete(id)) next.add(id)
    return next
  }
  return selection.tag === 'some' ? { tag: 'some', ids: change(selection.ids) } : { tag: 'all', except: change(selection.except) }
}

export function withAdded(selection: Selection, ids: Iterable<number>): Selection {
  if (selection.tag === 'some') return { tag: 'some', ids: new Set([...selection.ids, ...ids]) }
  const except = new Set(selection.except)
  for (const id of ids) except.delete(id)
  return { tag: 'all', except }
}

/** Keeps of some selected files those that still exist. */
export function pruned(selection: Selection, existing: ReadonlySet<number>): Selection {
  if (selection.tag === 'all') return selection
  const ids = [...selection.ids].filter((id) => existing.has(id))
  return ids.length === selection.ids.size ? selection : only(ids)
}

/** As the contract wants it. null = nothing is selected. */
export function toContract(selection: Selection, query: FileQuery, total: number): FileSelection | null {
  if (selectedCount(selection, total) === 0) return null
  return selection.tag === 'some' ? { ids: [...selection.ids] } : { query, exceptIds: [...selection.except] }
}
