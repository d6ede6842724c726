import { formatAddress } from '../../../shared/address.ts'
import { AppError } from '../../../shared/errors.ts'
import type { BinlogPreview, ImportJob } from '../../../shared/import.ts'
import type { Profile } from '../../../shared/model.ts'
import type { StoreClient } from '../../cluster/types.ts'
import type { BulkWork } from '../../library/types.ts'
import type { Clock } from '../../transfer/clock.ts'
import { createAddressBook } from '../address-book.ts'
import { createImportJobs } from './jobs.ts'
import { createImportLists, type ImportLists } from './lists.ts'
import { runListing } from './listing.ts'
import { readWaiting } from './reading.ts'

/** Ways for files into the library beside uploads. All of them can be repeated without doubling anything. */
export interface ImportService {
  jobs(profileId: string): Promise<ImportJob[]>
  /** Lists a storage ('host:port' as the tracker names it). IMPORT_BUSY while that storage is listed; NO_STORAGE. */
  listing(profileId: string, request: { group: string; storage: string; paths: number[] | null; read: boolean }): Promise<number>
  /** What binlogs would do; only the last look counts, an earlier one ends with ABORTED. */
  lookAtBinlogs(profileId: string, paths: string[], group: string | null): Promise<BinlogPreview>
  binlogs(profileId: string, request: { paths: string[]; group: string; read: boolean }): number
  preview: ImportLists['preview']
  list(draft: number): number
  /** Asks about what the names do not tell. Returns the job, the running one when there is one. */
  read(profileId: string): number
  /** Nothing more is asked; the files stay as they are. */
  dropReads(profileId: string): Promise<void>
  cancel(id: number): void
  dismiss(id: number): void
  close(): Promise<void>
}

export function createImportService(options: {
  bulk: BulkWork
  profile(id: string): Profile
  client(profileId: string): Promise<StoreClient>
  clock: Clock
  changed(jobs: ImportJob[]): void
  libraryChanged(profileId: string): void
  report(about: string, error: unknown): void
}): ImportService {
  const { bulk, clock } = options
  const jobs = createImportJobs(options)
  const lists = createImportLists(bulk)
  let looking = new AbortController()

  function read(profileId: string): number {
    const running = jobs.running((job) => job.kind === 'reading' && job.profileId === profileId)
    if (running) return running.id
    for (const job of jobs.list()) if (job.kind === 'reading' && job.profileId === profileId) jobs.dismiss(job.id)
    return jobs.start({ profileId, kind: 'reading', group: null, source: '' }, async (patch, signal) => {
      const client = await options.client(profileId)
      await readWaiting({ client, bulk, profileId, clock, patch, signal })
    })
  }
  /** After an import that was asked to. */
  async function readNext(profileId: string, wanted: boolean, signal: AbortSignal): Promise<void> {
    if (wanted && !signal.aborted && (await bulk.toRead(profileId, 1)).left > 0) read(profileId)
  }

  return {
    async jobs(profileId) {
      const list = jobs.list().filter((job) => job.profileId === profileId)
      if (list.some((job) => job.kind === 'reading' && job.state === 'running')) return list
      // What an earlier run left: it goes on when somebody says so.
      const { left } = await bulk.toRead(profileId, 1)
      const others = list.filter((job) => job.kind !== 'reading' || job.state === 'failed')
      if (left === 0 || others.length < list.length) return list.map((job) => ({ ...job, left: job.kind === 'reading' ? left : 0 }))
      return others.some((job) => job.kind === 'reading') ? others : [waitingJob(profileId, left), ...others]
    },

    async listing(profileId, { group, storage, paths, read: wanted }) {
      const busy = jobs.running((job) => job.kind === 'listing' && job.profileId === profileId && job.source === storage)
      if (busy) throw new AppError('IMPORT_BUSY', { detail: { endpoint: storage } })
      const client = await options.client(profileId)
      const storages = await client.storages(group)
      const told = storages.find((each) => formatAddress(each) === storage)
      if (!told) throw new AppError('NO_STORAGE', { detail: { group, endpoint: storage } })
      const book = createAddressBook(options.profile(profileId))
      book.learn(storages)
      const endpoint = book.map({ host: told.host, port: told.port })
      const sources = storages.length === 1 ? null : [told.host, `id:${told.id}`]
      const pathCount = Math.max(1, told.storePathCount)
      const all = Array.from({ length: pathCount }, (_, index) => index)
      return jobs.start({ profileId, kind: 'listing', group, source: storage }, async (patch, signal) => {
        const about = { client, bulk, profileId, group, endpoint, sources, pathCount, read: wanted, patch, signal }
        await runListing({ ...about, paths: paths ?? all })
        await readNext(profileId, wanted, signal)
      })
    },

    async lookAtBinlogs(profileId, paths, group) {
      looking.abort()
      looking = new AbortController()
      const { signal } = looking
      // Any group will do for a first look; what is known already is looked up in the right one.
      const look = (of: string) => bulk.binlogs(profileId, { paths, group: of, read: false, lookup: true }, () => {}, signal)
      const first = await look(group ?? 'group1')
      const guess = await groupOf(
        await options.client(profileId).catch(() => null),
        first.report.sources.map(({ source }) => source)
      )
      const { report, counts } = group === null && guess !== null && guess !== 'group1' ? await look(guess) : first
      return { report, counts, group: guess }
    },
    binlogs: (profileId, { paths, group, read: wanted }) =>
      jobs.start({ profileId, kind: 'binlog', group, source: paths.map(lastPart).join(', ').slice(0, 200) }, async (patch, signal) => {
        const result = await bulk.binlogs(
          profileId,
          { paths, group, read: wanted, lookup: false },
          ({ share, counts }) => patch({ share, counts, seen: counts.added + counts.known }),
          signal
        )
        patch({ share: 1, seen: result.report.files, counts: result.counts, report: result.report })
        await readNext(profileId, wanted, signal)
      }),

    preview: lists.preview,
    list(draft) {
      const { profileId, inputs, counts: expected } = lists.take(draft)
      return jobs.start({ profileId, kind: 'list', group: null, source: '' }, async (patch, signal) => {
        const total = Math.max(1, inputs.length)
        const done = await bulk.upsert(profileId, inputs, (at) => patch({ share: at.done / total, seen: at.done }), signal)
        const restored = Math.min(expected.trash, done.merged)
        const changed = done.merged - restored
        const counts = { ...NO_COUNTS, added: done.inserted, known: changed + expected.same, changed, restored }
        patch({ share: 1, seen: inputs.length, counts })
      })
    },

    read,
    async dropReads(profileId) {
      const running = jobs.running((job) => job.kind === 'reading' && job.profileId === profileId)
      if (running) jobs.cancel(running.id)
      await bulk.dropReads(profileId)
      for (const job of jobs.list()) if (job.kind === 'reading' && job.profileId === profileId) jobs.dismiss(job.id)
    },
    cancel: jobs.cancel,
    dismiss: jobs.dismiss,
    async close() {
      looking.abort()
      await jobs.close()
    }
  }
}

const NO_COUNTS = { added: 0, known: 0, returned: 0, missing: 0, trashed: 0, described: 0, orphans: 0, unreadable: 0, unchecked: 0 }

/** Files that an earlier run of the program did not get to. */
const waitingJob = (profileId: string, left: number): ImportJob => ({
  id: 0,
  profileId,
  kind: 'reading',
  state: 'paused',
  group: null,
  source: '',
  share: null,
  seen: 0,
  left,
  counts: null,
  report: null,
  complete: false,
  startedAt: 0,
  finishedAt: null,
  error: null
})

const lastPart = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** The group whose storages took most of the files; null when the cluster cannot be asked or knows none of them. */
async function groupOf(client: StoreClient | null, sources: readonly string[]): Promise<string | null> {
  if (client === null) return null
  try {
    const groups = await client.groups()
    const storages = await Promise.all(groups.map(async ({ name }) => ({ name, storages: await client.storages(name) })))
    const byHost = new Map(
      storages.flatMap(({ name, storages: list }) => list.flatMap((each) => [[each.host, name] as const, [`id:${each.id}`, name] as const]))
    )
    // The source with most files comes first.
    return sources.map((source) => byHost.get(source)).find((group) => group !== undefined) ?? null
  } catch {
    return null
  }
}
