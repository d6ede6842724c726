import { useEffect, useState } from 'react'

/** Unix milliseconds, told again every `everyMs` while the component is shown; null = only once. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (everyMs === null) return
    const tick = (): void => setNow(Date.now())
    // The ticking may begin long after the component was first shown.
    const first = window.setTimeout(tick, 0)
    const timer = window.setInterval(tick, everyMs)
    return () => {
      window.clearTimeout(first)
      window.clearInterval(timer)
    }
  }, [everyMs])
  return now
}
