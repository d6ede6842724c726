import { formatAddress, parseTracker } from '../../shared/address.ts'
import { toAppError } from '../../shared/errors.ts'
import type { ClusterHistory, ClusterOverview, StorageHistory, TrackerInfo } from '../../shared/model.ts'
import type { StoreClient } from '../cluster/types.ts'
import type { Clock } from '../transfer/clock.ts'
import { addPicture, historyOf, storageHistoryOf } from './cluster-history.ts'
import type { History } from './cluster-history.ts'

/** What the cluster of the active profile looks like: asked every few seconds while somebody looks, now and then while a page is open. */
export interface ClusterWatch {
  /** The last picture, or a new one when there is none yet or `fresh` asks for it. Never rejects for a cluster that is away. */
  overview(fresh: boolean): Promise<ClusterOverview>
  /** The last picture of the active profile, as it is; null = none yet. */
  last(): ClusterOverview | null
  /** What the pictures tell about traffic. */
  history(parts: number): ClusterHistory
  storageHistory(group: string, id: string, parts: number): StorageHistory
  /** Somebody looks now, and for the next seconds. */
  look(): void
  /** Number of pages that are open; 0 stops the asking. */
  setAudience(count: number): void
  /** The active profile changed: forget the picture and take a new one. */
  reset(): void
  /** A profile leads elsewhere now, or is gone: what its cluster did is no history of it. */
  forget(profileId: string): void
  close(): void
}

export interface ClusterWatchOptions {
  activeProfileId(): string
  client(profileId: string): Promise<StoreClient>
  /** As the profile names them. */
  trackers(profileId: string): readonly string[]
  clock: Clock
  changed(overview: ClusterOverview): void
  refreshMs?: number
  /** While pages are open, but nobody looks. */
  backgroundMs?: number
}

/** Whoever looks says so again before this is over. */
const LOOK_MS = 15_000

export function createClusterWatch(options: ClusterWatchOptions): ClusterWatch {
  const refreshMs = options.refreshMs ?? 5_000
  const backgroundMs = options.backgroundMs ?? 30_000
  let revision = 0
  let last: ClusterOverview | null = null
  const histories = new Map<string, History>()
  let lookedAt = -Infinity
  let takenAt = -Infinity
  let running: Promise<ClusterOverview> | null = null
  let cancelTimer: (() => void) | null = null
  let audience = 0
  let closed = false

  const take = async (): Promise<ClusterOverview> => {
    const profileId = options.activeProfileId()
    const before = last?.profileId === profileId ? last : null
    const taken = await picture(profileId, before)
    const since = leaderless(taken.trackers) ? (before?.leaderlessSince ?? options.clock.now()) : undefined
    const overview: ClusterOverview = {
      ...taken,
      revision: ++revision,
      profileId,
      ...(since === undefined ? {} : { leaderlessSince: since })
    }
    // The profile may have been switched while the old one was asked.
    if (profileId === options.activeProfileId() && !closed) {
      last = overview
      histories.set(profileId, addPicture(histories.get(profileId) ?? null, overview))
      options.changed(overview)
    }
    return overview
  }
  const picture = async (profileId: string, before: ClusterOverview | null) => {
    try {
      const client = await options.client(profileId)
      const [asked, groups] = await Promise.all([client.trackers(), client.groups().catch((error: unknown) => toAppError(error))])
      const trackers = withoutAliases(asked, options.trackers(profileId))
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
      takenAt = options.clock.now()
      schedule()
    })
    return running
  }
  const schedule = () => {
    cancelTimer?.()
    const looked = options.clock.now() - lookedAt < LOOK_MS
    const next = Math.max(0, takenAt + (looked ? refreshMs : backgroundMs) - options.clock.now())
    cancelTimer = closed || audience === 0 ? null : options.clock.after(next, () => void refresh())
  }

  const present = (): History | null => histories.get(options.activeProfileId()) ?? null
  return {
    history: (parts) => historyOf(present(), parts),
    storageHistory: (group, id, parts) => storageHistoryOf(present(), group, id, parts),
    look() {
      const began = options.clock.now() - lookedAt >= LOOK_MS
      lookedAt = options.clock.now()
      // What comes next was planned for nobody.
      if (began && !running) schedule()
    },
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
    forget: (profileId) => void histories.delete(profileId),
    close() {
      closed = true
      cancelTimer?.()
    }
  }
}

/** One entry for each tracker, also where it has two addresses: it is reached when one of them answers. */
function withoutAliases(asked: readonly TrackerInfo[], trackers: readonly string[]): TrackerInfo[] {
  const shared = trackers.map((tracker) => parseTracker(tracker).map(formatAddress)).filter((addresses) => addresses.length > 1)
  const result: TrackerInfo[] = []
  const done = new Set<string>()
  for (const info of asked) {
    if (done.has(info.address)) continue
    const addresses = shared.find((each) => each.includes(info.address)) ?? [info.address]
    const same = asked.filter(({ address }) => addresses.includes(address))
    const reached = same.find(({ reachable }) => reachable) ?? info
    for (const { address } of same) done.add(address)
    const otherAddresses = addresses.filter((address) => address !== reached.address)
    result.push(otherAddresses.length === 0 ? reached : { ...reached, otherAddresses })
  }
  return result
}

/** Trackers that answer, and know that they have no leader. Older ones do not tell whom they follow: that is no news. */
function leaderless(trackers: readonly TrackerInfo[]): boolean {
  const up = trackers.filter(({ reachable }) => reachable)
  return (
    !up.some(({ leader, leaderAddress }) => leader === true || typeof leaderAddress === 'string') &&
    up.some(({ leaderAddress }) => leaderAddress === null)
  )
}
