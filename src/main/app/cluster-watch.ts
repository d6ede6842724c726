import { toAppError } from '../../shared/errors.ts'
import type { ClusterOverview } from '../../shared/model.ts'
import type { StoreClient } from '../cluster/types.ts'
import type { Clock } from '../transfer/clock.ts'

/** What the cluster of the active profile looks like, asked again every few seconds while somebody looks. */
export interface ClusterWatch {
  /** The last picture, or a new one when there is none yet or `fresh` asks for it. Never rejects for a cluster that is away. */
  overview(fresh: boolean): Promise<ClusterOverview>
  /** The last picture of the active profile, as it is; null = none yet. */
  last(): ClusterOverview | null
  /** Number of those who look; 0 stops the asking. */
  setAudience(count: number): void
  /** The active profile changed: forget the picture and take a new one. */
  reset(): void
  close(): void
}

export interface ClusterWatchOptions {
  activeProfileId(): string
  client(profileId: string): Promise<StoreClient>
  clock: Clock
  changed(overview: ClusterOverview): void
  refreshMs?: number
}

export function createClusterWatch(options: ClusterWatchOptions): ClusterWatch {
  const refreshMs = options.refreshMs ?? 5_000
  let revision = 0
  let last: ClusterOverview | null = null
  let running: Promise<ClusterOverview> | null = null
  let cancelTimer: (() => void) | null = null
  let audience = 0
  let closed = false

  const take = async (): Promise<ClusterOverview> => {
    const profileId = options.activeProfileId()
    const before = last?.profileId === profileId ? last : null
    const taken = await picture(profileId, before)
    const overview: ClusterOverview = { ...taken, revision: ++revision, profileId }
    // The profile may have been switched while the old one was asked.
    if (profileId === options.activeProfileId() && !closed) {
      last = overview
      options.changed(overview)
    }
    return overview
  }
  const picture = async (profileId: string, before: ClusterOverview | null) => {
    try {
      const client = await options.client(profileId)
      const [trackers, groups] = await Promise.all([client.trackers(), client.groups().catch((error: unknown) => toAppError(error))])
      if (Array.isArray(groups)) return { takenAt: options.clock.now(), trackers, groups, error: null }
      return { takenAt: before?.takenAt ?? options.clock.now(), trackers, groups: before?.groups ?? [], error: groups.toData() }
    } catch (error) {
      // The last known groups stay, with the time they were taken, beside the error.
      return {
        takenAt: before?.takenAt ?? options.clock.now(),
        trackers: [],
        groups: before?.groups ?? [],
        error: toAppError(error).toData()
      }
    }
  }
  /** One round at a time: whoever asks meanwhile gets its result. */
  const refresh = (): Promise<ClusterOverview> => {
    running ??= take().finally(() => {
      running = null
      schedule()
    })
    return running
  }
  const schedule = () => {
    cancelTimer?.()
    cancelTimer = closed || audience === 0 ? null : options.clock.after(refreshMs, () => void refresh())
  }

  return {
    last: () => (last?.profileId === options.activeProfileId() ? last : null),
    async overview(fresh) {
      const current = options.activeProfileId()
      if (!fresh && last?.profileId === current) return last
      const taken = await refresh()
      // A round that was begun for the profile before is not the answer.
      return taken.profileId === current ? taken : refresh()
    },
    setAudience(count) {
      const began = audience === 0 && count > 0
      audience = count
      if (count === 0) schedule()
      else if (began && !running) void refresh()
    },
    reset() {
      last = null
      if (audience === 0) return
      void (running ?? Promise.resolve()).then(() => (closed ? undefined : refresh()))
    },
    close() {
      closed = true
      cancelTimer?.()
    }
  }
}
