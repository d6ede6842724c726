import type { ComponentType } from 'react'
import { Suspense, lazy, useEffect } from 'react'
import { useInfo } from './app-info.ts'
import type { Overlay } from './overlays.ts'
import { closeOverlay, useOverlay } from './overlays.ts'
import { useShortcuts } from './use-shortcuts.ts'

const PREFETCH_MS = 4_000
const palette = (): Promise<typeof import('../features/palette/CommandPalette.tsx')> => import('../features/palette/CommandPalette.tsx')
const CommandPalette = lazy(async () => ({ default: (await palette()).CommandPalette }))
const ShortcutSheet = lazy(async () => ({ default: (await import('../features/palette/ShortcutSheet.tsx')).ShortcutSheet }))

const TrailDialog = lazy(async () => ({ default: (await import('../features/trail/index.ts')).TrailDialog }))
const Licences = lazy(async () => ({ default: (await import('../features/desktop/Licences.tsx')).Licences }))
const Tour = lazy(async () => ({ default: (await import('../features/tour/Tour.tsx')).Tour }))
const Desktop = lazy(async () => ({ default: (await import('../features/desktop/Desktop.tsx')).Desktop }))

const OVERLAYS: Record<Overlay, ComponentType<{ onClose: () => void }>> = {
  palette: CommandPalette,
  shortcuts: ShortcutSheet,
  tour: Tour,
  activity: TrailDialog,
  licences: Licences
}

/** The command palette, the list of shortcuts and the tour, wherever the focus is; and what the desktop around a native window wants. */
export function Overlays() {
  const open = useOverlay((state) => state.open)
  useShortcuts()
  // Who types right after the keys that open it must not wait for its code, which the first page does not need.
  useEffect(() => {
    const timer = window.setTimeout(() => void palette().catch(() => undefined), PREFETCH_MS)
    return () => window.clearTimeout(timer)
  }, [])
  const Open = open === null ? null : OVERLAYS[open]
  const native = useInfo((info) => info.host.kind === 'electron')
  return (
    <Suspense fallback={null}>
      {native ? <Desktop /> : null}
      {Open === null ? null : <Open onClose={closeOverlay} />}
    </Suspense>
  )
}
