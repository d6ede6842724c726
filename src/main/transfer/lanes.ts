import type { Settings } from '../../shared/contract.ts'
import type { TransferRecord } from '../library/types.ts'
import type { Batch, SlotSize } from './batch.ts'
import { createClimber } from './climber.ts'
import type { Climber } from './climber.ts'

/** Small transfers cost round trips, large ones bytes: so many small ones count as much as one large one. */
const SMALL_PER_LARGE = 4
/** Bounds of what is tried by itself: for one lane, and for all of them together. */
const LANE = { small: { min: 4, max: 32, start: 16 }, large: { min: 1, max: 10, start: 4 } } as const
const TOTAL: Readonly<Record<SlotSize, number>> = { small: 48, large: 16 }
/** Beyond its limit a lane takes in so many transfers of batches of which nothing runs: no batch waits for the files of another. */
const EXTRA_SLOTS = 2
/** Long enough that a few files more or less do not decide. */
const WINDOW_MS = 1_500
/** What a finished file counts beside its bytes: round trips that have nothing to do with its size. */
const FILE_WORTH = 65_536

/**
 * Transfers that meet at the same place: one group of one cluster, in one direction. What helps there is found out there, so
 * that a slow group does not hold up a quick one.
 */
export interface Lane {
  readonly key: string
  readonly used: Record<SlotSize, number>
  readonly climbers: Record<SlotSize, Climber>
  readonly windows: Record<SlotSize, Window>
}

interface Window {
  startedAt: number
  work: number
  /** Less ran than might have: what was measured says nothing about the limit. */
  idle: boolean
}

export interface Lanes {
  of(batch: Batch, record: Pick<TransferRecord, 'fileId'>): Lane
  /** How many may run at once in all. */
  total(size: SlotSize): number
  /** May one more start here? `first`: nothing of its batch runs. */
  hasRoom(lane: Lane, size: SlotSize, first: boolean): boolean
  /** Slots that nobody uses, for ranges of a large file. */
  spare(lane: Lane): number
  take(lane: Lane, size: SlotSize): void
  give(lane: Lane, size: SlotSize): void
  /** Bytes were moved or a file was finished. Returns true when more may run from now on. */
  worked(lane: Lane, size: SlotSize, bytes: number, finished: boolean): boolean
  /** Everything that can be started was started: who has room left now is not at its limit. */
  filled(): void
  /** The server was overwhelmed. */
  overwhelmed(lane: Lane): void
}

export function createLanes(options: {
  /** Of all lanes together; archives count there, too. */
  used: Readonly<Record<SlotSize, number>>
  now(): number
  concurrency(): Settings['concurrency']
  /** A speed limit decides how much is moved, whatever the number. */
  isLimited(direction: 'up' | 'down'): boolean
}): Lanes {
  const lanes = new Map<string, Lane>()

  function fresh(key: string): Lane {
    const window = (): Window => ({ startedAt: options.now(), work: 0, idle: true })
    const lane: Lane = {
      key,
      used: { small: 0, large: 0 },
      climbers: { small: createClimber(LANE.small), large: createClimber(LANE.large) },
      windows: { small: window(), large: window() }
    }
    lanes.set(key, lane)
    return lane
  }

  function limit(lane: Lane, size: SlotSize): number {
    const concurrency = options.concurrency()
    return concurrency === 'auto' ? lane.climbers[size].limit : fixed(size, concurrency)
  }

  function total(size: SlotSize): number {
    const concurrency = options.concurrency()
    return concurrency === 'auto' ? TOTAL[size] : fixed(size, concurrency)
  }

  /** Ends the window when its time has come. Returns true when the limit has grown. */
  function settle(lane: Lane, size: SlotSize, now: number): boolean {
    const window = lane.windows[size]
    const elapsed = now - window.startedAt
    if (elapsed >= 0 && elapsed < WINDOW_MS) return false
    const climber = lane.climbers[size]
    const before = climber.limit
    const limited = options.isLimited(lane.key.endsWith('>up') ? 'up' : 'down')
    if (elapsed > 0 && !window.idle && !limited) climber.observe((window.work / elapsed) * 1000)
    window.startedAt = now
    window.work = 0
    // After a step down the others run out first.
    window.idle = lane.used[size] > climber.limit + EXTRA_SLOTS
    return climber.limit > before
  }

  return {
    of(batch, record) {
      const key = laneKey(batch, record)
      return lanes.get(key) ?? fresh(key)
    },
    total,
    hasRoom: (lane, size, first) => lane.used[size] < limit(lane, size) + (first ? EXTRA_SLOTS : 0),
    spare: (lane) => Math.max(0, Math.min(limit(lane, 'large') - lane.used.large, total('large') - options.used.large)),
    take(lane, size) {
      lane.used[size] += 1
    },
    give(lane, size) {
      lane.used[size] -= 1
    },
    worked(lane, size, bytes, finished) {
      if (options.concurrency() !== 'auto') return false
      lane.windows[size].work += bytes + (finished ? FILE_WORTH : 0)
      return settle(lane, size, options.now())
    },
    filled() {
      for (const lane of lanes.values()) {
        for (const size of ['small', 'large'] as const) {
          if (lane.used[size] < limit(lane, size)) lane.windows[size].idle = true
        }
      }
    },
    overwhelmed(lane) {
      for (const size of ['small', 'large'] as const) {
        lane.climbers[size].backOff()
        lane.windows[size].idle = true
      }
    }
  }
}

function fixed(size: SlotSize, concurrency: number): number {
  return size === 'large' ? concurrency : concurrency * SMALL_PER_LARGE
}

function laneKey(batch: Batch, record: Pick<TransferRecord, 'fileId'>): string {
  const { profileId, kind } = batch.record
  if (kind === 'upload') return `${profileId}/${(batch.options.kind === 'upload' ? batch.options.group : null) ?? '*'}>up`
  const fileId = record.fileId ?? ''
  return `${profileId}/${fileId.slice(0, Math.max(0, fileId.indexOf('/')))}>down`
}
