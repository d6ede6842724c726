import type { ClusterOverview } from '../../shared/model.ts'
import { askWeb } from '../cluster/web-probe.ts'

/** How far the clocks of servers are from this computer's, for tokens: they are judged by the time of the web server. */
export interface ServerClocks {
  /** ms to add to this computer's time, to the second; null where the web server does not say. Never rejects, waits two seconds at most. */
  of(base: string): Promise<number | null>
}

const FRESH_MS = 600_000
/** A server that did not answer is asked again soon, but not with every key that is pressed. */
const FAILED_MS = 30_000
const ASK_MS = 2_000
/** HTTP tells whole seconds: less than this is no difference. */
const LEAST_MS = 2_000
const MAX_REMEMBERED = 200

export function createServerClocks(now: () => number): ServerClocks {
  const known = new Map<string, { at: number; clock: Promise<number | null>; failed: boolean }>()
  const ask = async (base: string): Promise<number | null> => {
    const { clockMs } = await askWeb(`${base}/`, { method: 'HEAD', timeoutMs: ASK_MS, now })
    return clockMs === null ? null : Math.abs(clockMs) < LEAST_MS ? 0 : clockMs
  }
  return {
    of(base) {
      const entry = known.get(base)
      if (entry && now() - entry.at < (entry.failed ? FAILED_MS : FRESH_MS) && now() >= entry.at) return entry.clock
      if (known.size >= MAX_REMEMBERED) known.clear()
      const fresh = { at: now(), clock: Promise.resolve<number | null>(null), failed: false }
      fresh.clock = ask(base).catch(() => {
        fresh.failed = true
        return null
      })
      known.set(base, fresh)
      return fresh.clock
    }
  }
}

/** Storages report at least this often; their trackers note the time then. */
const HEARTBEAT_MS = 120_000
const SEEN_LEAST_MS = 3_000

/**
 * What the newest heartbeat tells about the clocks of a cluster, ms: ahead by at least so much (above 0), or behind. A heartbeat may
 * be as old as the rhythm of the storages, so less than that behind does not show (0), and without active storages nothing (null).
 */
export function clockOfHeartbeats(overview: ClusterOverview | null): number | null {
  const beats = overview?.groups.flatMap(({ storages }) =>
    storages
      .filter(({ status, lastHeartbeatAt }) => status === 'active' && lastHeartbeatAt > 0)
      .map(({ lastHeartbeatAt }) => lastHeartbeatAt)
  )
  if (!overview || !beats || beats.length === 0) return null
  const newest = Math.max(...beats) - overview.takenAt
  if (newest > SEEN_LEAST_MS) return newest
  return newest < -HEARTBEAT_MS ? newest + HEARTBEAT_MS : 0
}
