import { useEffect, useRef } from 'react'
import { useCommands } from '../features/files/index.ts'
import { navigate, VIEWS } from './navigation.ts'
import { openOverlay } from './overlays.ts'
import { VIEW_KEYS } from './view-keys.ts'

/** Where keys write, or where a question waits for its answer. */
const TAKEN = 'input, textarea, select, [contenteditable=true], [role=dialog], [role=alertdialog], [role=menu]'
const QUESTION = '[role=dialog], [role=alertdialog]'

/** The keys that work in every view. Those of a view are its own. */
export function useShortcuts(): void {
  const commands = useCommands()
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const run = actOf(event)
      if (run === null) return
      // Browsers would search the web, open a file, or go to another tab.
      event.preventDefault()
      run()
    }
    const actOf = (event: KeyboardEvent): (() => void) | null => {
      const within = event.target instanceof Element ? event.target : null
      const mod = event.ctrlKey || event.metaKey
      if (event.altKey || event.defaultPrevented) return null
      if (!mod) return event.key === '?' && within?.closest(TAKEN) === null ? () => openOverlay('shortcuts') : null
      const free = within === null || within.closest(QUESTION) === null
      const key = event.key.toLowerCase()
      if (key === 'o') return free ? () => latest.current.upload(event.shiftKey) : ignore
      if (event.shiftKey) return null
      if (key === 'k') return free ? () => openOverlay('palette') : ignore
      const view = VIEWS.find((each) => VIEW_KEYS[each] === `Mod+${key}`)
      return view === undefined ? null : free ? () => navigate(view) : ignore
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

function ignore(): void {}
