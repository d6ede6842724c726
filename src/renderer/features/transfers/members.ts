/**
 * Members of opened batches, fetched page by page by keyset. A page is fetched again when its batch has moved on since, but
 * only while it is on screen. What runs is painted over from the snapshots meanwhile.
 */
import { create } from 'zustand'
import type { StoreApi, UseBoundStore } from 'zustand'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { BatchView, TransferView } from '../../../shared/model.ts'
import type { Client } from '../../api/client.ts'
import type { Filter } from './filters.ts'
import { tagsOf } from './filters.ts'

const PAGE = 200

interface Page {
  after: number
  rows: readonly TransferView[]
  /** Where the next page begins; null = this was the last. */
  cursor: number | null
  /** State of the batch when this was fetched. */
  version: string
}

export interface Members {
  filter: Filter
  pages: readonly Page[]
  loading: boolean
  error: ErrorData | null
}

export interface MembersStore {
  use: UseBoundStore<StoreApi<Record<number, Members>>>
  /** Begins, or begins anew with another filter. */
  open(batch: BatchView, filter: Filter): void
  close(batchId: number): void
  /** The next page; also tries again after an error. */
  more(batch: BatchView): void
  /** Fetches again what is out of date between two member indices. */
  refresh(batch: BatchView, first: number, last: number): void
}

export function loadedCount(members: Members): number {
  return members.pages.reduce((sum, page) => sum + page.rows.length, 0)
}

export function atEnd(members: Members): boolean {
  return members.pages.length > 0 && members.pages.at(-1)?.cursor === null
}

export function memberAt(members: Members, index: number): TransferView | undefined {
  let rest = index
  for (const page of members.pages) {
    if (rest < page.rows.length) return page.rows[rest]
    rest -= page.rows.length
  }
  return undefined
}

export function versionOf(batch: BatchView): string {
  return `${batch.totalFiles}:${batch.paused}:${Object.values(batch.counts).join(',')}`
}

export function createMembers(api: Pick<Client, 'call'>): MembersStore {
  const use = create<Record<number, Members>>()(() => ({}))
  /** One request per batch at a time; an answer that belongs to an earlier opening is dropped. */
  const running = new Map<number, object>()

  const patch = (batchId: number, change: Partial<Members>): void => {
    const before = use.getState()[batchId]
    if (before) use.setState({ [batchId]: { ...before, ...change } })
  }
  const fetchPage = async (batchId: number, filter: Filter, after: number, version: string): Promise<Page> => {
    const tags = tagsOf(filter)
    const { rows, cursor } = await api.call('transfers.page', {
      batchId,
      afterSeq: after,
      limit: PAGE,
      ...(tags === undefined ? {} : { tags: [...tags] })
    })
    // A cursor that does not advance would ask for ever.
    return { after, rows, cursor: cursor !== null && cursor > after ? cursor : null, version }
  }
  /** Runs alone for its batch; errors go into the state. */
  const alone = (batchId: number, work: (members: Members, isStale: () => boolean) => Promise<readonly Page[]>): void => {
    const members = use.getState()[batchId]
    if (!members || running.has(batchId)) return
    const token = {}
    running.set(batchId, token)
    const isStale = (): boolean => running.get(batchId) !== token
    if (!members.loading) patch(batchId, { loading: true })
    work(members, isStale).then(
      (pages) => {
        if (isStale()) return
        running.delete(batchId)
        patch(batchId, { pages, loading: false, error: null })
      },
      (thrown: unknown) => {
        if (isStale()) return
        running.delete(batchId)
        patch(batchId, { loading: false, error: toAppError(thrown).toData() })
      }
    )
  }
  const more = (batch: BatchView): void =>
    alone(batch.id, async ({ filter, pages }) => {
      const last = pages.at(-1)
      if (last && last.cursor === null) return pages
      return [...pages, await fetchPage(batch.id, filter, last?.cursor ?? -1, versionOf(batch))]
    })

  return {
    use,
    open(batch, filter) {
      if (use.getState()[batch.id]?.filter === filter) return
      running.delete(batch.id)
      use.setState({ [batch.id]: { filter, pages: [], loading: false, error: null } })
      more(batch)
    },
    close(batchId) {
      running.delete(batchId)
      const { [batchId]: gone, ...rest } = use.getState()
      if (gone) use.setState(rest, true)
    },
    more,
    refresh(batch, first, last) {
      const members = use.getState()[batch.id]
      const version = versionOf(batch)
      const stale = members === undefined ? [] : pagesBetween(members, first, last).filter(({ page }) => page.version !== version)
      const [firstStale] = stale
      const lastStale = stale.at(-1)
      if (!firstStale || !lastStale) return
      alone(batch.id, async ({ filter, pages }, isStale) => {
        const fresh = pages.slice(0, firstStale.index)
        for (let index = firstStale.index; index <= lastStale.index; index++) {
          if (isStale()) return pages
          const before = fresh.at(-1)
          if (before && before.cursor === null) return fresh
          const page = await fetchPage(batch.id, filter, before?.cursor ?? -1, version)
          fresh.push(page)
        }
        // What follows is still in place only if this part ends where it ended before.
        const next = pages[lastStale.index + 1]
        return next !== undefined && next.after === fresh.at(-1)?.cursor ? [...fresh, ...pages.slice(lastStale.index + 1)] : fresh
      })
    }
  }
}

function pagesBetween(members: Members, first: number, last: number): { page: Page; index: number }[] {
  const found: { page: Page; index: number }[] = []
  let start = 0
  for (const [index, page] of members.pages.entries()) {
    const end = start + page.rows.length - 1
    // An empty page (nothing passed the filter) stands where it begins.
    if (start <= last && Math.max(start, end) >= first) found.push({ page, index })
    start = end + 1
  }
  return found
}
