import type { ViewName } from './navigation.ts'

/** The keys of the views, the same as in the menu bar of a native window. */
export const VIEW_KEYS: Record<ViewName, string> = {
  files: 'Mod+1',
  transfers: 'Mod+2',
  cluster: 'Mod+3',
  connections: 'Mod+4',
  trash: 'Mod+5',
  settings: 'Mod+,'
}
