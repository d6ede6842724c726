import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

const LIMIT_BYTES = 8 * 1024 * 1024

/**
 * Ends the growth of V8's young generation at `limitBytes`. It would grow to 64 MB as thousands of small files pass through,
 * although hardly anything in it is alive, and the memory of the process with it. Its greatest size is read once, when Node
 * starts; but the factor by which it grows is looked at each time.
 */
export function keepYoungGenerationSmall(limitBytes = LIMIT_BYTES): void {
  const observer = new PerformanceObserver(() => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    if (space === undefined || space.space_size < limitBytes) return
    setFlagsFromString('--semi-space-growth-factor=1')
    observer.disconnect()
  })
  observer.observe({ entryTypes: ['gc'] })
}
