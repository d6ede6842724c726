import { PerformanceObserver, constants } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MB = 1024 * 1024
const YOUNG_BYTES = 8 * 1024 * 1024
/** Below this nothing is worth a pause. */
const LEAST_BYTES = 36 * MB
/** Collected when the heap is so many times what was alive in it last. */
const GROWTH = 1.5
/** After so long it is worth looking again. */
const STALE_MS = 10_000
/** A large live heap is left to V8, which collects it in pieces: here it would stand still for long. */
const MOST_ALIVE_BYTES = 80 * MB

/**
 * V8 lets the old generation grow by hundreds of megabytes before it looks through it for the first time: a hundred thousand
 * files on their way into the queue leave 80 MB of garbage, while 25 MB are alive. A look in time (some 30 ms) keeps it small.
 */
function collectInTime(): void {
  // The function is not otherwise to be had in a program that is already running.
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('typeof gc === "function" ? gc : undefined') as (() => void) | undefined
  if (collect === undefined) return
  let alive = LEAST_BYTES / GROWTH
  let collectedAt = performance.now()
  let scheduled = false
  const observer = new PerformanceObserver((list) => {
    const used = oldBytes()
    if (list.getEntries().some((entry) => isMajor(entry))) {
      alive = used
      collectedAt = performance.now()
    }
    if (scheduled || used < LEAST_BYTES || alive > MOST_ALIVE_BYTES) return
    // Whatever was alive in the middle of something large may be gone a moment later.
    if (used < alive * GROWTH && performance.now() - collectedAt < STALE_MS) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      collect()
      alive = oldBytes()
      collectedAt = performance.now()
    })
  })
  observer.observe({ entryTypes: ['gc'] })
}

/**
 * Ends the growth of V8's young generation at `limitBytes`. It would grow to 64 MB as thousands of small files pass through,
 * although hardly anything in it is alive, and the memory of the process with it. Its greatest size is read once, when Node
 * starts; but the factor by which it grows is looked at each time.
 */
export function keepYoungGenerationSmall(limitBytes = YOUNG_BYTES): void {
  const observer = new PerformanceObserver(() => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    if (space === undefined || space.space_size < limitBytes) return
    setFlagsFromString('--semi-space-growth-factor=1')
    observer.disconnect()
  })
  observer.observe({ entryTypes: ['gc'] })
}

/**
 * Leaves out the last tier of V8's compiler. What a command does is short, and mostly done by the kernel, SQLite and zlib: compiling
 * its functions once more takes a second thread's time from whoever needs it (10,000 small files: a tenth longer) and leaves 15 MB
 * of memory behind. Not for programs that run for long.
 */
export function compileLightly(): void {
  // Older ones (Node 20) have no middle tier.
  if (Number.parseInt(process.versions.v8, 10) >= 12) setFlagsFromString('--no-turbofan')
}

/** What a program that runs for days does for the computer it shares. Call once, first. */
export function keepHeapSmall(): void {
  keepYoungGenerationSmall()
  collectInTime()
}

function isMajor(entry: object): boolean {
  return (entry as { detail?: { kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR
}

/** What is used outside the young generation. */
function oldBytes(): number {
  let bytes = 0
  for (const { space_name: name, space_used_size: used } of getHeapSpaceStatistics()) {
    if (name === 'old_space' || name === 'large_object_space') bytes += used
  }
  return bytes
}
