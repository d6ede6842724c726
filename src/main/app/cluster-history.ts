/** What clients did with each group while the program ran: counters of the storages as rates. Kept in memory only. */
import type { ClusterHistory, ClusterOverview, GroupHistory, Traffic } from '../../shared/model.ts'

/** What is counted, and the counter of a storage that tells it. */
const COUNTERS = {
  inBytes: 'success_upload_bytes',
  outBytes: 'success_download_bytes',
  uploads: 'success_upload_count',
  downloads: 'success_download_count',
  deletes: 'success_delete_count'
} as const satisfies Record<keyof Traffic, string>
const KEYS = Object.keys(COUNTERS) as (keyof Traffic)[]

interface Sample {
  /** Unix ms. */
  at: number
  /** Group → what was counted since the history began; never falls. */
  groups: Record<string, Traffic>
}

export interface History {
  profileId: string
  samples: readonly Sample[]
  /** Counters as last told, by group and storage. */
  counters: Record<string, Traffic>
}

/** Pictures nearer to each other than this are one sample: storages tell their counters every half minute or less often. */
const SAMPLE_MS = 15_000
/** Twelve hours. */
const MAX_SAMPLES = 2_880
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
    const sum: Traffic = { ...(last?.groups[group.name] ?? nothing()) }
    for (const { id, stats } of group.storages) {
      const key = `${group.name}/${id}`
      const now = countersOf(stats)
      const before = same?.counters[key]
      counters[key] = now
      // A storage that is new here, or was restarted, has no difference to tell.
      if (before) for (const each of KEYS) sum[each] += Math.max(0, now[each] - before[each])
    }
    groups[group.name] = sum
  }
  const samples = [...(same?.samples ?? [])]
  const [beforeLast] = samples.slice(-2, -1)
  if (last && beforeLast && last.at - beforeLast.at < SAMPLE_MS) samples.pop()
  return { profileId: overview.profileId, samples: [...samples, { at: overview.takenAt, groups }].slice(-MAX_SAMPLES), counters }
}

/** The history as it is drawn: `parts` equal pieces of the whole time, oldest first; no pieces while it is too short. */
export function historyOf(history: History | null, parts: number): ClusterHistory {
  const last = history?.samples.at(-1)
  const first = history?.samples[0]
  if (!history || !last || !first) return { from: 0, to: 0, groups: {} }
  const groups = Object.keys(last.groups).map((name): [string, GroupHistory] => [
    name,
    { rate: rateOf(history, name), series: seriesOf(history, name, parts) }
  ])
  return { from: first.at, to: last.at, groups: Object.fromEntries(groups) }
}

/** Per second over the last minutes; null until there is something to compare. */
function rateOf({ samples }: History, group: string): Traffic | null {
  const last = samples.at(-1)
  const first = last && samples.find(({ at, groups }) => at >= last.at - WINDOW_MS && groups[group] !== undefined)
  const [from, to] = [first?.groups[group], last?.groups[group]]
  if (!first || !last || !from || !to || last.at - first.at < LEAST_MS) return null
  return mapped((key) => (to[key] - from[key]) / ((last.at - first.at) / 1000))
}

/** Per second in each part. What was counted between two samples is spread over the time between them. */
function seriesOf({ samples }: History, group: string, parts: number): Traffic[] {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || samples.length < 3 || last.at <= first.at) return []
  const step = (last.at - first.at) / parts
  const series = Array.from({ length: parts }, nothing)
  for (let index = 1; index < samples.length; index += 1) {
    const [before, now] = [samples[index - 1], samples[index]]
    const [from, to] = [before?.groups[group], now?.groups[group]]
    if (!before || !now || !from || !to) continue
    const begin = (before.at - first.at) / step
    const end = (now.at - first.at) / step
    for (let part = Math.floor(begin); part < Math.min(parts, Math.ceil(end)); part += 1) {
      const share = (Math.min(end, part + 1) - Math.max(begin, part)) / (end - begin)
      const sum = series[part]
      if (sum) for (const key of KEYS) sum[key] += ((to[key] - from[key]) * share) / (step / 1000)
    }
  }
  return series
}

function nothing(): Traffic {
  return mapped(() => 0)
}

function countersOf(stats: Readonly<Record<string, number>>): Traffic {
  return mapped((key) => stats[COUNTERS[key]] ?? 0)
}

function mapped(value: (key: keyof Traffic) => number): Traffic {
  return Object.fromEntries(KEYS.map((key) => [key, value(key)])) as unknown as Traffic
}
