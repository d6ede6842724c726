/** What lies over the whole window: one at a time. */
import { create } from 'zustand'

export type Overlay = 'palette' | 'shortcuts' | 'tour' | 'activity' | 'licences'

export const useOverlay = create<{ open: Overlay | null }>()(() => ({ open: null }))

export function openOverlay(open: Overlay): void {
  useOverlay.setState({ open })
}

export function closeOverlay(): void {
  useOverlay.setState({ open: null })
}
