import { Suspense, lazy, useEffect } from 'react'
import { useInfo } from './app-info.ts'
import { closeOverlay, openOverlay, useOverlay } from './overlays.ts'

const CommandPalette = lazy(async () => ({ default: (await import('../features/palette/CommandPalette.tsx')).CommandPalette }))
const ShortcutSheet = lazy(async () => ({ default: (await import('../features/palette/ShortcutSheet.tsx')).ShortcutSheet }))

const Tour = lazy(async () => ({ default: (await import('../features/tour/Tour.tsx')).Tour }))
const Desktop = lazy(async () => ({ default: (await import('../features/desktop/Desktop.tsx')).Desktop }))

/** Where keys write, or where a question waits for its answer. */
const TAKEN = 'input, textarea, select, [contenteditable=true], [role=dialog], [role=alertdialog], [role=menu]'

/** The command palette, the list of shortcuts and the tour, wherever the focus is; and what the desktop around a native window wants. */
export function Overlays() {
  const open = useOverlay((state) => state.open)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const within = event.target instanceof Element ? event.target : null
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
        // Browsers would search the web.
        event.preventDefault()
        if (within?.closest('[role=dialog], [role=alertdialog]') === null) openOverlay('palette')
        return
      }
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey || within?.closest(TAKEN) !== null) return
      event.preventDefault()
      openOverlay('shortcuts')
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  const native = useInfo((info) => info.host.kind === 'electron')
  return (
    <Suspense fallback={null}>
      {native ? <Desktop /> : null}
      {open === null ? null : open === 'palette' ? (
        <CommandPalette onClose={closeOverlay} />
      ) : open === 'shortcuts' ? (
        <ShortcutSheet onClose={closeOverlay} />
      ) : (
        <Tour onClose={closeOverlay} />
      )}
    </Suspense>
  )
}
