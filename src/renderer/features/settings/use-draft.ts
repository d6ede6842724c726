import { useEffect, useRef, useState } from 'react'

const QUIET_MS = 500

/**
 * A value while it is being typed. It is saved when it is good and typing has paused, and at once when the control is left.
 * A change from elsewhere (another window) replaces it, unless the user is typing.
 */
export function useDraft<T>(
  stored: T,
  good: (draft: T) => boolean,
  save: (draft: T) => void
): { draft: T; setDraft: (draft: T) => void; flush: () => void } {
  const [draft, setDraft] = useState(stored)
  const [known, setKnown] = useState(stored)
  if (known !== stored) {
    setKnown(stored)
    if (draft === known) setDraft(stored)
  }
  const latest = useRef({ draft, stored, good, save })
  useEffect(() => {
    latest.current = { draft, stored, good, save }
  })
  const flush = (): void => {
    const now = latest.current
    if (now.draft !== now.stored && now.good(now.draft)) now.save(now.draft)
  }
  useEffect(() => {
    if (draft === stored) return
    const timer = window.setTimeout(() => {
      const now = latest.current
      if (now.draft !== now.stored && now.good(now.draft)) now.save(now.draft)
    }, QUIET_MS)
    return () => window.clearTimeout(timer)
  }, [draft, stored])
  // Leaving the view in the middle of the pause must not lose what was typed.
  useEffect(
    () => () => {
      const now = latest.current
      if (now.draft !== now.stored && now.good(now.draft)) now.save(now.draft)
    },
    []
  )
  return { draft, setDraft, flush }
}
