import { mkdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Settings } from '../../shared/contract.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { isGroupName, tryParseFileId } from '../../shared/file-id.ts'
import type { FileRow, FileSelection, Metadata } from '../../shared/model.ts'
import type { BatchRecord, NewBatch, NewTransfer } from '../library/types.ts'
import { Batch } from './batch.ts'
import { checkMetadata } from './check-metadata.ts'
import { holdTaken } from './conflicts.ts'
import type { Core } from './core.ts'
import { onDiskSync } from './on-disk.ts'
import { scanPaths } from './scan.ts'
import type { BatchOptions, MetadataState, UploadOptions, UploadState } from './states.ts'
import { TitleOf } from './title.ts'

/** Which files: a selection of the library, or IDs (which may be malformed: each such row fails by itself). */
export interface FileChoice {
  profileId: string
  selection?: FileSelection | undefined
  fileIds?: readonly string[] | undefined
  /** What the user sees; made from names where it is missing. */
  title?: string | undefined
}

export interface UploadRequest {
  profileId: string
  /** Files and folders of this computer. */
  paths: readonly string[]
  group?: string | undefined
  /** Virtual folder in the library. */
  folder?: string | undefined
  metadata?: Metadata | undefined
  /**
   * skip: do not send what the library has already (by size and CRC-32); sync: only what it has under the same folder and name.
   * Default: send.
   */
  duplicates?: 'send' | 'skip' | 'sync' | undefined
  title?: string | undefined
}

export interface DownloadRequest extends FileChoice {
  /** A folder; made when it is missing. */
  target: string
  keepFolders?: boolean | undefined
  conflict?: Settings['conflict'] | undefined
  /** fileId: the last part of the ID, whatever the library knows. */
  names?: Settings['downloadNames'] | undefined
}

export interface ZipRequest extends FileChoice {
  /** Path of the archive. */
  target: string
  onMissing?: 'stop' | 'report' | undefined
}

/** One change for all files, or one per file (`changes`; each is checked as it is taken). */
export interface MetadataRequest extends FileChoice {
  set: Metadata
  remove: readonly string[]
  overwrite?: boolean | undefined
  changes?: Iterable<MetadataChange> | undefined
}

export interface MetadataChange {
  fileId: string
  set: Metadata
  remove: readonly string[]
}

/** Rows that go to the journal in one transaction: few enough to keep the program responsive. */
const CHUNK = 2_000
const NEW = { priority: 'normal', more: 0 } as const
/** More dropped paths than this are not kept for a crash in the middle of enumerating them. */
const MAX_KEPT_PATHS = 5_000

/**
 * Makes batches. The row of the batch exists when these return; its transfers follow, and nothing starts before the last one is
 * journalled: totals are right from the first byte on.
 */
export interface Enqueue {
  upload(request: UploadRequest): Batch
  download(request: DownloadRequest): Batch
  zip(request: ZipRequest): Batch
  metadata(request: MetadataRequest): Batch
  remove(choice: FileChoice): Batch
  /** Appenders become normal files; other files of the choice are left out. */
  finish(choice: FileChoice): Batch
  /** Enumerates again what was being enumerated when the program ended, leaving out what is journalled already. */
  resumeUpload(record: BatchRecord, options: UploadOptions): void
}

export function createEnqueue(core: Core): Enqueue {
  const { journal, files, clock } = core.options

  /** title null: made from the rows. */
  function add(
    profileId: string,
    title: string | null,
    target: string | null,
    options: BatchOptions,
    rows: AsyncIterable<NewTransfer[]>
  ): Batch {
    const fresh: NewBatch = { profileId, kind: options.kind, title: title ?? '', createdAt: clock.now(), target, options, scanning: true }
    return fillLater(new Batch(journal, core.writer.flush, journal.addBatch(fresh), options), rows, title === null ? new TitleOf() : null)
  }

  function fillLater(batch: Batch, rows: AsyncIterable<NewTransfer[]>, title: TitleOf | null = null): Batch {
    core.batches.set(batch.id, batch)
    const done = fill(batch, rows, title).finally(() => core.enqueueing.delete(batch.id))
    core.enqueueing.set(batch.id, done)
    core.changed()
    return batch
  }

  async function fill(batch: Batch, rows: AsyncIterable<NewTransfer[]>, title: TitleOf | null): Promise<void> {
    let failure: AppError | null = null
    try {
      for await (const chunk of gathered(rows)) {
        if (batch.ending || core.closing) break
        const files = journal.addTransfers(batch.id, chunk)
        title?.add(chunk)
        batch.extended(
          files,
          chunk.reduce((sum, row) => sum + row.sizeBytes, 0)
        )
        core.changed()
      }
      await holdTaken(core, batch)
    } catch (error) {
      failure = toAppError(error)
    }
    // Closed in the middle: the batch stays marked as incomplete, and the next start deals with it.
    if (core.closing) return
    if (batch.options.kind === 'upload') batch.options = { ...batch.options, paths: [] }
    if (title !== null) {
      const { title: found, more } = title.value
      batch.options = { ...batch.options, more }
      batch.record = { ...batch.record, title: found }
    }
    batch.record = { ...batch.record, scanning: false, options: batch.options }
    if (failure !== null) {
      // Half a selection must not be taken for the whole.
      batch.error = failure.toData()
      journal.moveAll(batch.id, ['queued'], 'cancelled')
      batch.reload()
      if (batch.options.kind === 'zip') batch.options = { ...batch.options, closed: true }
    }
    journal.patchBatch(batch.id, { scanning: false, options: batch.options, title: batch.record.title })
    core.changed()
    core.schedule()
    core.checkOver(batch)
  }

  /** The rows of a selection or of IDs, made into transfers. */
  async function* chosen(choice: FileChoice, make: (fileId: string, row: FileRow | null) => NewTransfer): AsyncGenerator<NewTransfer[]> {
    const { profileId, selection, fileIds } = choice
    if (fileIds !== undefined) {
      for (let at = 0; at < fileIds.length; at += CHUNK) {
        yield fileIds.slice(at, at + CHUNK).map((fileId) => make(fileId, files?.byFileId(profileId, fileId) ?? null))
      }
    }
    if (selection === undefined || files === null) return
    for (const rows of files.select(profileId, selection, CHUNK)) yield rows.map((row) => make(row.fileId, row))
  }

  /** Files that each get a change of their own: it is journalled with the row. */
  async function* changed(profileId: string, changes: Iterable<MetadataChange>): AsyncGenerator<NewTransfer[]> {
    let chunk: NewTransfer[] = []
    for (const { fileId, set, remove } of changes) {
      checkMetadata(set)
      const state: MetadataState = { change: { set, remove: [...remove] } }
      chunk.push({ ...plainRow(fileId, files?.byFileId(profileId, fileId) ?? null), state })
      if (chunk.length < CHUNK) continue
      yield chunk
      chunk = []
    }
    if (chunk.length > 0) yield chunk
  }

  function knownPaths(batchId: number): Set<string> {
    const known = new Set<string>()
    for (let afterSeq = -1; ;) {
      const rows = journal.page(batchId, {}, afterSeq, CHUNK)
      for (const row of rows) known.add(row.localPath ?? '')
      if (rows.length < CHUNK) return known
      afterSeq = rows.at(-1)!.seq
    }
  }

  function checkWritable(profileId: string): void {
    if (core.options.profile(profileId).readOnly) throw new AppError('PROFILE_READ_ONLY', { detail: { profile: profileId } })
  }

  return {
    upload(request) {
      const { profileId, paths, group, folder = '', metadata = {}, duplicates = 'send' } = request
      checkWritable(profileId)
      checkMetadata(metadata)
      if (group !== undefined && !isGroupName(group)) throw new AppError('GROUP_INVALID', { detail: { group } })
      const title = request.title ?? basename(paths[0] ?? '')
      const kept = paths.length <= MAX_KEPT_PATHS ? [...paths] : []
      const more = request.title === undefined ? Math.max(0, paths.length - 1) : 0
      const options = {
        ...NEW,
        more,
        kind: 'upload' as const,
        paths: kept,
        group: group ?? null,
        folder,
        metadata,
        duplicates,
        leftovers: []
      }
      return add(
        profileId,
        title,
        null,
        options,
        scanned(paths, () => core.closing)
      )
    },

    download(request) {
      const { profileId, target, keepFolders = true, conflict = core.options.settings().conflict } = request
      const { names = core.options.settings().downloadNames } = request
      onDiskSync(target, () => mkdirSync(target, { recursive: true }))
      return add(
        profileId,
        request.title ?? null,
        target,
        { ...NEW, kind: 'download', keepFolders, conflict, names },
        chosen(request, names === 'original' ? downloadRow : (fileId, row) => ({ ...downloadRow(fileId, row), ...byId(fileId) }))
      )
    },

    zip(request) {
      const { profileId, target, onMissing = 'report' } = request
      onDiskSync(target, () => mkdirSync(dirname(target), { recursive: true }))
      const fresh = { ...NEW, partPath: null, finalPath: null, totalBytes: null, placed: false, replace: false, closed: false }
      return add(profileId, request.title ?? basename(target), target, { kind: 'zip', onMissing, ...fresh }, chosen(request, downloadRow))
    },

    metadata(request) {
      const { profileId, set, remove, overwrite = false } = request
      checkWritable(profileId)
      checkMetadata(set)
      const options = { ...NEW, kind: 'metadata' as const, set, remove: [...remove], overwrite }
      const rows = request.changes === undefined ? chosen(request, plainRow) : changed(profileId, request.changes)
      return add(profileId, request.title ?? null, null, options, rows)
    },

    resumeUpload(record, options) {
      const batch = new Batch(journal, core.writer.flush, record, options)
      fillLater(
        batch,
        without(
          scanned(options.paths, () => core.closing),
          knownPaths(record.id)
        )
      )
    },

    remove(choice) {
      checkWritable(choice.profileId)
      return add(choice.profileId, choice.title ?? null, null, { ...NEW, kind: 'delete' }, chosen(choice, plainRow))
    },

    finish(choice) {
      checkWritable(choice.profileId)
      return add(choice.profileId, choice.title ?? null, null, { ...NEW, kind: 'finish' }, appenders(chosen(choice, plainRow)))
    }
  }
}

/** Chunks of the size of one transaction, with other work between them. */
async function* gathered(rows: AsyncIterable<NewTransfer[]>): AsyncGenerator<NewTransfer[]> {
  let chunk: NewTransfer[] = []
  for await (const some of rows) {
    chunk = chunk.length === 0 ? some : [...chunk, ...some]
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = []
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (chunk.length > 0) yield chunk
}

async function* appenders(rows: AsyncIterable<NewTransfer[]>): AsyncGenerator<NewTransfer[]> {
  for await (const some of rows) yield some.filter(({ fileId }) => tryParseFileId(fileId ?? '')?.kind === 'appender')
}

async function* without(rows: AsyncIterable<NewTransfer[]>, known: ReadonlySet<string>): AsyncGenerator<NewTransfer[]> {
  for await (const some of rows) yield some.filter((row) => !known.has(row.localPath ?? ''))
}

async function* scanned(paths: readonly string[], stopped: () => boolean): AsyncGenerator<NewTransfer[]> {
  for await (const entries of scanPaths(paths)) {
    if (stopped()) return
    yield entries.map((entry) => {
      const state: UploadState = { possibleOrphans: 0, mismatches: 0 }
      if (entry.problem !== null) state.problem = entry.problem
      if (entry.rawPath !== null) state.rawPath = entry.rawPath.toString('base64')
      return {
        name: entry.name,
        folder: entry.folder,
        localPath: entry.path,
        fileId: null,
        sizeBytes: entry.sizeBytes,
        state: entry.problem !== null || entry.rawPath !== null ? state : null
      }
    })
  }
}

function plainRow(fileId: string, row: FileRow | null): NewTransfer {
  return { name: row?.name ?? lastPart(fileId), folder: row?.folder ?? '', localPath: null, fileId, sizeBytes: 0, state: null }
}

function downloadRow(fileId: string, row: FileRow | null): NewTransfer {
  const known = row?.metadata?.['filename']
  const hasName = row !== null && row.name !== lastPart(fileId)
  const name = hasName ? row.name : (known ?? lastPart(fileId))
  return {
    name,
    folder: row?.folder ?? '',
    localPath: null,
    fileId,
    sizeBytes: row?.sizeBytes ?? tryParseFileId(fileId)?.sizeBytes ?? 0,
    // Only the server may know its name.
    state: hasName || known !== undefined ? null : { nameless: true }
  }
}

/** A name that everybody can compute, and that needs no server. */
function byId(fileId: string): Pick<NewTransfer, 'name' | 'state'> {
  return { name: lastPart(fileId), state: null }
}

function lastPart(fileId: string): string {
  return fileId.slice(fileId.lastIndexOf('/') + 1)
}
