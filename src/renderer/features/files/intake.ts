/** From a drop to a batch: the sheet that asks where to, the way into the program, and what went wrong on it. */
import { create } from 'zustand'
import type { Dropped } from '../../api/dropped-files.ts'
import { call } from '../../api/client.ts'
import { spoolFiles } from '../../api/spool.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { Metadata } from '../../../shared/model.ts'

export interface UploadChoice {
  /** null = the tracker decides. */
  group: string | null
  folder: string
  metadata: Metadata
  /** Files whose content the library has already. */
  duplicates: 'send' | 'skip'
  tags: string[]
  /** A pattern (shared/naming); '' = the files' own names. */
  naming: string
  /** Small pictures are stored beside the pictures. */
  thumbnails: boolean
}

/** With the sizes of small pictures as they are set. */
type Upload = Omit<UploadChoice, 'thumbnails'> & { thumbnails: string[] }

/** One drop of the browser host on its way into the program. */
export interface IntakeJob {
  id: number
  doneFiles: number
  totalFiles: number
  doneBytes: number
  totalBytes: number
  failures: { path: string; error: ErrorData }[]
  /** Why the whole job stopped. */
  error: ErrorData | null
  finished: boolean
  cancel(): void
}

interface IntakeState {
  /** What was dropped; null while its folders are still being read. */
  sheet: { dropped: Dropped | null } | null
  jobs: IntakeJob[]
}

export const useIntake = create<IntakeState>()(() => ({ sheet: null, jobs: [] }))

let nextJob = 1

/** Opens the sheet at once and fills it when the folders have been read. */
export async function offerUpload(dropped: Promise<Dropped>): Promise<void> {
  useIntake.setState({ sheet: { dropped: null } })
  try {
    const read = await dropped
    // It may have been closed meanwhile.
    if (useIntake.getState().sheet !== null) useIntake.setState({ sheet: { dropped: read } })
  } catch (error) {
    useIntake.setState({ sheet: null })
    throw error
  }
}

export function closeSheet(): void {
  useIntake.setState({ sheet: null })
}

export function dismissJob(id: number): void {
  useIntake.setState((state) => ({ jobs: state.jobs.filter((job) => job.id !== id) }))
}

function patchJob(id: number, change: Partial<IntakeJob>): void {
  useIntake.setState((state) => ({ jobs: state.jobs.map((job) => (job.id === id ? { ...job, ...change } : job)) }))
}

function enqueue(paths: string[], { group, ...rest }: Upload): Promise<{ batchId: number }> {
  return call('transfers.upload', { paths, ...rest, ...(group === null ? {} : { group }) })
}

/** Resolves when the batch exists or, in the browser host, when the way there has begun: the rest is told by the job. */
export async function startUpload(dropped: Dropped, choice: UploadChoice, sizes: readonly string[]): Promise<void> {
  const upload: Upload = { ...choice, thumbnails: choice.thumbnails ? [...sizes] : [] }
  if (dropped.kind === 'paths') {
    await enqueue(dropped.paths, upload)
    return
  }
  const id = nextJob++
  const abort = new AbortController()
  const job: IntakeJob = {
    id,
    doneFiles: 0,
    totalFiles: dropped.files.length,
    doneBytes: 0,
    totalBytes: dropped.files.reduce((sum, { file }) => sum + file.size, 0),
    failures: [],
    error: null,
    finished: false,
    cancel: () => abort.abort()
  }
  useIntake.setState((state) => ({ jobs: [...state.jobs, job] }))
  void runJob(id, dropped.files, upload, abort.signal)
}

const TELL_MS = 150

async function runJob(id: number, files: Extract<Dropped, { kind: 'files' }>['files'], choice: Upload, signal: AbortSignal): Promise<void> {
  let told = 0
  try {
    const { paths, failures } = await spoolFiles(
      files,
      (progress) => {
        const now = performance.now()
        if (now - told < TELL_MS) return
        told = now
        patchJob(id, progress)
      },
      signal
    )
    if (paths.length > 0) await enqueue(paths, choice)
    if (failures.length === 0) dismissJob(id)
    else patchJob(id, { failures, finished: true })
  } catch (error) {
    const known = toAppError(error)
    if (known.code === 'ABORTED') dismissJob(id)
    else patchJob(id, { error: known.toData(), finished: true })
  }
}
