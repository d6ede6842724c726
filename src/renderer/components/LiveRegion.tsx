import { useEffect, useState } from 'react'

/** Reads a text to screen readers when it changes; waits until it is calm, so that a quick series is read once. */
export function LiveRegion({ text, waitMs = 400 }: { text: string; waitMs?: number }) {
  const [calm, setCalm] = useState('')
  useEffect(() => {
    const timer = window.setTimeout(() => setCalm(text), waitMs)
    return () => window.clearTimeout(timer)
  }, [text, waitMs])
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {calm}
    </div>
  )
}
