/** Changes of metadata that were not saved when another file was selected: they wait for their files to be selected again. */
import { create } from 'zustand'
import type { FileQuery } from '../../../shared/model.ts'
import type { Draft } from './metadata-draft.ts'
import { CLEAN, isDirty } from './metadata-draft.ts'
import type { Selection } from './selection.ts'

const useDrafts = create<{ drafts: Readonly<Record<string, Draft>> }>()(() => ({ drafts: {} }))

export function draftKey(selection: Selection, query: FileQuery): string {
  return selection.tag === 'some' ? [...selection.ids].sort((a, b) => a - b).join() : JSON.stringify([query, [...selection.except]])
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
