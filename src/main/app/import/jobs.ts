import { AppError, toAppError } from '../../../shared/errors.ts'
import type { ImportJob, ImportKind } from '../../../shared/import.ts'
import type { Clock } from '../../transfer/clock.ts'
import { coalesce } from '../coalesce.ts'

/** Finished imports that are still shown. */
const KEPT = 20
const EVENTS_MS = 200
/** Views are made again when files change: not more often than this while an import runs. */
const LIBRARY_MS = 2_000

export interface JobStart {
  profileId: string
  kind: ImportKind
  group: string | null
  source: string
}

export type JobPatch = Partial<Pick<ImportJob, 'share' | 'seen' | 'left' | 'counts' | 'report' | 'complete'>>

/** Imports that run or ran since the start, the newest first. */
export interface ImportJobs {
  list(): ImportJob[]
  /** Runs `work` in the background. It tells how far it is; its end is that of the job. Returns the id. */
  start(about: JobStart, work: (patch: (change: JobPatch) => void, signal: AbortSignal) => Promise<void>): number
  cancel(id: number): void
  /** Takes a finished one off the list. */
  dismiss(id: number): void
  running(test: (job: ImportJob) => boolean): ImportJob | null
  /** Ends what runs; resolves when it has ended. */
  close(): Promise<void>
}

export function createImportJobs(options: {
  clock: Clock
  changed(jobs: ImportJob[]): void
  libraryChanged(profileId: string): void
  report(about: string, error: unknown): void
}): ImportJobs {
  const { clock } = options
  let jobs: ImportJob[] = []
  const running = new Map<number, { abort: AbortController; ended: Promise<void> }>()
  let last = 0
  const tell = coalesce(clock, EVENTS_MS, () => options.changed(jobs))
  const profiles = new Set<string>()
  const tellLibrary = coalesce(clock, LIBRARY_MS, () => {
    for (const profileId of profiles) options.libraryChanged(profileId)
    profiles.clear()
  })

  function set(id: number, change: Partial<ImportJob>): void {
    jobs = jobs.map((job) => (job.id === id ? { ...job, ...change } : job))
    tell()
  }

  return {
    list: () => jobs,
    start(about, work) {
      const id = ++last
      const job: ImportJob = {
        id,
        ...about,
        state: 'running',
        share: null,
        seen: 0,
        left: 0,
        counts: null,
        report: null,
        complete: false,
        startedAt: clock.now(),
        finishedAt: null,
        error: null
      }
      jobs = [job, ...jobs].slice(0, KEPT + running.size)
      tell()
      const abort = new AbortController()
      const end = (state: ImportJob['state'], error: AppError | null): void => {
        running.delete(id)
        set(id, { state, error: error?.toData() ?? null, finishedAt: clock.now() })
        profiles.add(about.profileId)
        tellLibrary()
      }
      const patch = (change: JobPatch): void => {
        set(id, change)
        profiles.add(about.profileId)
        tellLibrary()
      }
      const ended = work(patch, abort.signal).then(
        () => end('done', null),
        (error: unknown) => {
          const known = toAppError(error)
          if (abort.signal.aborted) end('cancelled', null)
          else end('failed', known)
          if (known.code === 'INTERNAL') options.report('import', error)
        }
      )
      running.set(id, { abort, ended })
      return id
    },
    cancel: (id) => running.get(id)?.abort.abort(),
    dismiss(id) {
      if (running.has(id)) return
      jobs = jobs.filter((job) => job.id !== id)
      tell()
    },
    running: (test) => jobs.find((job) => running.has(job.id) && test(job)) ?? null,
    async close() {
      const ending = [...running.values()]
      for (const { abort } of ending) abort.abort()
      await Promise.all(ending.map(({ ended }) => ended))
    }
  }
}
