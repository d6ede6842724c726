import { create } from 'zustand'

export const VIEWS = ['files', 'transfers', 'cluster', 'connections', 'trash', 'settings'] as const
export type ViewName = (typeof VIEWS)[number]

interface Navigation {
  view: ViewName
}

/** Which view the window shows. */
export const useNavigation = create<Navigation>()(() => ({ view: 'files' }))

export function navigate(view: ViewName): void {
  useNavigation.setState({ view })
}
