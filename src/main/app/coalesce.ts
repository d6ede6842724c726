import type { Clock } from '../transfer/clock.ts'

/** Turns many calls into few: runs at once, then at most every `everyMs`, never losing the last. */
export function coalesce(clock: Clock, everyMs: number, run: () => void): () => void {
  let quiet = true
  let again = false
  const wait = () => {
    clock.after(everyMs, () => {
      if (!again) {
        quiet = true
        return
      }
      again = false
      run()
      wait()
    })
  }
  return () => {
    if (!quiet) {
      again = true
      return
    }
    quiet = false
    run()
    wait()
  }
}
