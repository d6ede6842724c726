/** What clients did with each group and storage while the program ran: their counters as rates. Kept in memory only. */
import type { ClusterHistory, ClusterOverview, StorageHistory, Traffic } from '../../shared/model.ts'

/** What is counted, and the counters of a storage (as `StorageInfo.stats` names them) that tell it: large files arrive in pieces, as changes of a file that exists. */
export const COUNTERS = {
  inBytes: ['success_upload_bytes', 'success_append_bytes', 'success_modify_bytes'],
  outBytes: ['success_download_bytes'],
  syncBytes: ['success_sync_in_bytes'],
  uploads: ['success_upload_count'],
  downloads: ['success_download_count'],
  deletes: ['success_delete_count']
} as const satisfies Record<keyof Traffic, readonly string[]>
const KEYS = Object.keys(COUNTERS) as (keyof Traffic)[]

interface Sample {
  /** Unix ms. */
  at: number
  /** 'group' or 'group/storage' → what was counted since the history began; never falls. */
  counted: Record<string, Traffic>
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
/** Of groups and storages in all samples: a cluster of thousands must not fill the memory. */
const MAX_COUNTED = 200_000
const WINDOW_MS = 300_000
const LEAST_MS = 10_000

/** The history with one more picture. One of another connection begins anew; one that is not newer changes nothing. */
export function addPicture(history: History | null, overview: ClusterOverview): History {
  const same = history !== null && history.profileId === overview.profileId ? history : null
  const last = same?.samples.at(-1)
  // A picture with an error shows the groups of the time before.
  if (same && last && (overview.error !== null || overview.takenAt <= last.at)) return same
  const counted: Record<string, Traffic> = {}
  const counters: Record<string, Traffic> = {}
  for (const group of overview.groups) {
    const sum: Traffic = { ...(last?.counted[group.name] ?? nothing()) }
    for (const { id, stats } of group.storages) {
      const key = storageKey(group.name, id)
      const now = countersOf(stats)
      const before = same?.counters[key]
      counters[key] = now
      // A storage that is new here, or was restarted, has no difference to tell.
      const more = mapped((each) => (before ? Math.max(0, now[each] - before[each]) : 0))
      const own = last?.counted[key] ?? nothing()
      counted[key] = mapped((each) => own[each] + more[each])
      for (const each of KEYS) sum[each] += more[each]
    }
    counted[group.name] = sum
  }
  const samples = [...(same?.samples ?? [])]
  const [beforeLast] = samples.slice(-2, -1)
  if (last && beforeLast && last.at - beforeLast.at < SAMPLE_MS) samples.pop()
  const kept = Math.max(1, Math.min(MAX_SAMPLES, Math.floor(MAX_COUNTED / Math.max(1, Object.keys(counted).length))))
  return { profileId: overview.profileId, samples: [...samples, { at: overview.takenAt, counted }].slice(-kept), counters }
}

/** The history of the groups as it is drawn: `parts` equal pieces of the whole time, oldest first; no pieces while it is too short. */
export function historyOf(history: History | null, parts: number): ClusterHistory {
  const last = history?.samples.at(-1)
  const first = history?.samples[0]
  if (!history || !last || !first) return { from: 0, to: 0, groups: {} }
  const groups: ClusterHistory['groups'] = {}
  for (const key of Object.keys(history.counters)) {
    const slash = key.indexOf('/')
    const group = key.slice(0, slash)
    groups[group] ??= { rate: rateOf(history, group), series: seriesOf(history, group, parts), storages: {} }
    groups[group].storages[key.slice(slash + 1)] = rateOf(history, key)
  }
  return { from: first.at, to: last.at, groups }
}

/** The same of one storage. */
export function storageHistoryOf(history: History | null, group: string, id: string, parts: number): StorageHistory {
  const [first, last] = [history?.samples[0], history?.samples.at(-1)]
  if (!history || !first || !last) return { from: 0, to: 0, rate: null, series: [] }
  const key = storageKey(group, id)
  return { from: first.at, to: last.at, rate: rateOf(history, key), series: seriesOf(history, key, parts) }
}

/** Names of groups have no slash. */
function storageKey(group: string, id: string): string {
  return `${group}/${id}`
}

/** Per second over the last minutes; null until there is something to compare. */
function rateOf({ samples }: History, key: string): Traffic | null {
  const last = samples.at(-1)
  const first = last && samples.find(({ at, counted }) => at >= last.at - WINDOW_MS && counted[key] !== undefined)
  const [from, to] = [first?.counted[key], last?.counted[key]]
  if (!first || !last || !from || !to || last.at - first.at < LEAST_MS) return null
  return mapped((each) => (to[each] - from[each]) / ((last.at - first.at) / 1000))
}

/** Per second in each part. What was counted between two samples is spread over the time between them. */
function seriesOf({ samples }: History, key: string, parts: number): Traffic[] {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || samples.length < 3 || last.at <= first.at) return []
  const step = (last.at - first.at) / parts
  const series = Array.from({ length: parts }, nothing)
  for (let index = 1; index < samples.length; index += 1) {
    const [before, now] = [samples[index - 1], samples[index]]
    const [from, to] = [before?.counted[key], now?.counted[key]]
    if (!before || !now || !from || !to) continue
    const begin = (before.at - first.at) / step
    const end = (now.at - first.at) / step
    for (let part = Math.floor(begin); part < Math.min(parts, Math.ceil(end)); part += 1) {
      const share = (Math.min(end, part + 1) - Math.max(begin, part)) / (end - begin)
      const sum = series[part]
      if (sum) for (const each of KEYS) sum[each] += ((to[each] - from[each]) * share) / (step / 1000)
    }
  }
  return series
}

function nothing(): Traffic {
  return mapped(() => 0)
}

function countersOf(stats: Readonly<Record<string, number>>): Traffic {
  return mapped((key) => COUNTERS[key].reduce((sum, name) => sum + (stats[name] ?? 0), 0))
}

function mapped(value: (key: keyof Traffic) => number): Traffic {
  return Object.fromEntries(KEYS.map((key) => [key, value(key)])) as unknown as Traffic
}
