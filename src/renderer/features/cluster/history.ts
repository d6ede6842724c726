/** What clients moved through each group while the window was open: counters of the storages as rates. Kept in memory only. */
import type { ClusterOverview } from '../../../shared/model.ts'

interface Traffic {
  inBytes: number
  outBytes: number
}

interface Sample {
  /** Unix ms. */
  at: number
  /** Group → bytes since the history began; never falls. */
  groups: Record<string, Traffic>
}

export interface History {
  profileId: string
  samples: readonly Sample[]
  /** Counters as last told, by group and storage. */
  counters: Record<string, Traffic>
}

/** About three hours of pictures taken every five seconds. */
const MAX_SAMPLES = 2_160
/** Storages tell their counters every half minute or less often: rates over less would jump. */
const WINDOW_MS = 300_000
const LEAST_MS = 10_000

/** The history with one more picture. One of another connection begins anew; one that is not newer changes nothing. */
export function addPicture(history: History | null, overview: ClusterOverview): History {
  const same = history !== null && history.profileId === overview.profileId ? history : null
  const last = same?.samples.at(-1)
  // A picture with an error shows the groups of the time before.
  if (same && last && (overview.error !== null || overview.takenAt <= last.at)) return same
  const groups: Record<string, Traffic> = {}
  const counters: Record<string, Traffic> = {}
  for (const group of overview.groups) {
    const sum = { inBytes: 0, outBytes: 0, ...last?.groups[group.name] }
    for (const { id, stats } of group.storages) {
      const key = `${group.name}/${id}`
      const now = { inBytes: stats['success_upload_bytes'] ?? 0, outBytes: stats['success_download_bytes'] ?? 0 }
      const before = same?.counters[key]
      counters[key] = now
      // A storage that is new here, or was restarted, has no difference to tell.
      if (!before) continue
      sum.inBytes += Math.max(0, now.inBytes - before.inBytes)
      sum.outBytes += Math.max(0, now.outBytes - before.outBytes)
    }
    groups[group.name] = sum
  }
  const samples = [...(same?.samples ?? []), { at: overview.takenAt, groups }].slice(-MAX_SAMPLES)
  return { profileId: overview.profileId, samples, counters }
}

/** Bytes per second over the last minutes; null until there is something to compare. */
export function rateOf(history: History | null, group: string): Traffic | null {
  const last = history?.samples.at(-1)
  const first = last && history?.samples.find(({ at, groups }) => at >= last.at - WINDOW_MS && groups[group] !== undefined)
  const [from, to] = [first?.groups[group], last?.groups[group]]
  if (!first || !last || !from || !to || last.at - first.at < LEAST_MS) return null
  const seconds = (last.at - first.at) / 1000
  return { inBytes: (to.inBytes - from.inBytes) / seconds, outBytes: (to.outBytes - from.outBytes) / seconds }
}

/** Bytes moved, both ways, in each of `count` equal parts of the whole history, oldest first; [] when it is too short to draw. */
export function seriesOf(history: History | null, group: string, count: number): number[] {
  const samples = history?.samples.filter(({ groups }) => groups[group] !== undefined) ?? []
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || samples.length < 3) return []
  const step = (last.at - first.at) / count
  const series = Array.from({ length: count }, () => 0)
  for (let index = 1; index < samples.length; index += 1) {
    const [before, now] = [samples[index - 1], samples[index]]
    const [from, to] = [before?.groups[group], now?.groups[group]]
    if (!now || !from || !to) continue
    const part = Math.min(count - 1, Math.floor((now.at - first.at) / step))
    series[part] = (series[part] ?? 0) + (to.inBytes - from.inBytes) + (to.outBytes - from.outBytes)
  }
  return series
}
