/** Changes of metadata that were not saved when another file was selected: they wait for their files to be selected again. */
import { create } from 'zustand'
import type { FileQuery } from '../../../shared/model.ts'
import type { Draft } from './metadata-draft.ts'
import { CLEAN, isDirty } from './metadata-draft.ts'
import type { Selection } from './selection.ts'

const useDrafts = create<{ drafts: Readonly<Record<string, Draft>> }>()(() => ({ drafts: {} }))

/** Longer selections are told apart by their number, sum and ends: listing a hundred thousand numbers for a name is not worth it. */
const LISTED = 1_000

function nameOf(ids: ReadonlySet<number>): string {
  if (ids.size <= LISTED) return [...ids].sort((a, b) => a - b).join()
  let sum = 0
  let least = Number.POSITIVE_INFINITY
  let most = 0
  for (const id of ids) {
    sum += id
    least = Math.min(least, id)
    most = Math.max(most, id)
  }
  return `${ids.size} files ${least}-${most} ${sum}`
}

export function draftKey(selection: Selection, query: FileQuery): string {
  return selection.tag === 'some' ? nameOf(selection.ids) : `${JSON.stringify(query)} but ${nameOf(selection.except)}`
}

export function useDraft(key: string): Draft {
  return useDrafts((state) => state.drafts[key] ?? CLEAN)
}

/** How many other selections have changes that were not saved. */
export function useOtherDrafts(key: string): number {
  return useDrafts((state) => Object.keys(state.drafts).filter((each) => each !== key).length)
}

export function setDraft(key: string, draft: Draft): void {
  useDrafts.setState((state) => {
    const drafts = { ...state.drafts }
    if (isDirty(draft)) drafts[key] = draft
    else delete drafts[key]
    return { drafts }
  })
}
