/** The filters of the transfers view. */
import type { BatchView, TransferCounts, TransferTag } from '../../../shared/model.ts'

export const FILTERS = ['all', 'running', 'waiting', 'failed', 'done'] as const
export type Filter = (typeof FILTERS)[number]

const TAGS: Record<Filter, readonly TransferTag[] | undefined> = {
  all: undefined,
  running: ['running'],
  waiting: ['queued', 'waiting', 'paused'],
  failed: ['failed'],
  done: ['done', 'skipped']
}

/** The tags that a page of members is asked for; undefined = all. */
export function tagsOf(filter: Filter): readonly TransferTag[] | undefined {
  return TAGS[filter]
}

export function countOf(counts: TransferCounts, filter: Filter): number {
  const tags = TAGS[filter] ?? (Object.keys(counts) as TransferTag[])
  return tags.reduce((sum, tag) => sum + counts[tag], 0)
}

export function passes(batch: BatchView, filter: Filter): boolean {
  if (filter === 'all') return true
  // A batch may fail as a whole, before it has any member.
  if (filter === 'failed' && batch.finishedAt !== null && batch.error !== null) return true
  return countOf(batch.counts, filter) > 0
}

/** Under a filter people want the files: everything that passes is open until it is closed. */
export function openByDefault(filter: Filter): boolean {
  return filter === 'running' || filter === 'waiting' || filter === 'failed'
}
