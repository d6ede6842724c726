import { mkdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Settings } from '../../shared/contract.ts'
import { AppError, assertNever, toAppError } from '../../shared/errors.ts'
import { isGroupName, tryParseFileId } from '../../shared/file-id.ts'
import type { FileRow, FileSelection, Metadata } from '../../shared/model.ts'
import type { BatchRecord, NewBatch, NewTransfer } from '../library/types.ts'
import { Batch } from './batch.ts'
import { checkMetadata } from './check-metadata.ts'
import { holdTaken } from './conflicts.ts'
import type { Core } from './core.ts'
import { onDiskSync } from './on-disk.ts'
import { scanPaths } from './scan.ts'
import type { BatchOptions, Choice, MetadataChange, MetadataState, UploadState } from './states.ts'
import { TitleOf } from './title.ts'
import { nameBy } from '../../shared/naming.ts'

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
  /** Each file gets them in the library. */
  tags?: readonly string[] | undefined
  /** Sizes of small pictures that are to be stored beside each picture ('150x150'). */
  thumbnails?: readonly string[] | undefined
  /** How the files are to be called: see `nameBy`. */
  naming?: string | undefined
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

/** Rows that go to the journal in one transaction: few enough to keep the program responsive. */
const CHUNK = 2_000
const NEW = { priority: 'normal', more: 0, renamed: 0 } as const

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
  /** Goes on making a batch that was being made when the program ended. False: nobody knows any more what it was to hold. */
  resume(record: BatchRecord, options: BatchOptions): boolean
}

export function createEnqueue(core: Core): Enqueue {
  const { journal, files, clock } = core.options

  /** title null: made from the rows. */
  function add(profileId: string, title: string | null, target: string | null, options: BatchOptions): Batch {
    const fresh: NewBatch = { profileId, kind: options.kind, title: title ?? '', createdAt: clock.now(), target, options, scanning: true }
    const record = journal.addBatch(fresh)
    return fillLater(
      new Batch(journal, core.writer.flush, record, options),
      rowsFor(profileId, options),
      title === null ? new TitleOf() : null
    )
  }

  /** What is enumerated, of a new batch as of one that is gone on with. */
  function rowsFor(profileId: string, options: BatchOptions): AsyncIterable<NewTransfer[]> {
    switch (options.kind) {
      case 'upload':
        // Numbered before anything is left out: a batch that is enumerated again gives the same names.
        return named(
          scanned(options.paths, () => core.closing),
          options.naming,
          clock.now()
        )
      case 'download':
        return chosen(
          profileId,
          options.choice,
          options.names === 'original' ? downloadRow : (fileId, row) => ({ ...downloadRow(fileId, row), ...byId(fileId) })
        )
      case 'zip':
        return chosen(profileId, options.choice, downloadRow)
      case 'metadata':
        return options.changes === null ? chosen(profileId, options.choice, plainRow) : changed(profileId, options.changes)
      case 'delete':
        return chosen(profileId, options.choice, plainRow)
      case 'finish':
        return appenders(chosen(profileId, options.choice, plainRow))
      default:
        return assertNever(options)
    }
  }

  function fillLater(batch: Batch, rows: AsyncIterable<NewTransfer[]>, title: TitleOf | null): Batch {
    core.batches.set(batch.id, batch)
    const done = fill(batch, rows, title)
      // Not even the failure could be written down: the batch stays incomplete, and the next start deals with it.
      .catch((error: unknown) => core.trouble(toAppError(error)))
      .finally(() => core.enqueueing.delete(batch.id))
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
    batch.options = withoutSource(batch.options)
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
  async function* chosen(
    profileId: string,
    choice: Choice | null,
    make: (fileId: string, row: FileRow | null) => NewTransfer
  ): AsyncGenerator<NewTransfer[]> {
    const { selection, fileIds = [] } = choice ?? {}
    for (let at = 0; at < fileIds.length; at += CHUNK) {
      yield fileIds.slice(at, at + CHUNK).map((fileId) => make(fileId, files?.byFileId(profileId, fileId) ?? null))
    }
    if (selection === undefined || files === null) return
    for (const rows of files.select(profileId, selection, CHUNK)) yield rows.map((row) => make(row.fileId, row))
  }

  /** Files that each get a change of their own: it is journalled with the row. */
  async function* changed(profileId: string, changes: readonly MetadataChange[]): AsyncGenerator<NewTransfer[]> {
    for (let at = 0; at < changes.length; at += CHUNK) {
      yield changes.slice(at, at + CHUNK).map(({ fileId, set, remove }) => {
        checkMetadata(set)
        const state: MetadataState = { change: { set, remove } }
        return { ...plainRow(fileId, files?.byFileId(profileId, fileId) ?? null), state }
      })
    }
  }

  /** What is journalled of a batch, by path or file ID, with how often; all of it is told to `title`. */
  function knownRows(batchId: number, title: TitleOf | null): Map<string, number> {
    const known = new Map<string, number>()
    for (let afterSeq = -1; ;) {
      const rows = journal.page(batchId, {}, afterSeq, CHUNK)
      title?.add(rows)
      for (const row of rows) known.set(keyOf(row), (known.get(keyOf(row)) ?? 0) + 1)
      if (rows.length < CHUNK) return known
      afterSeq = rows.at(-1)!.seq
    }
  }

  function checkWritable(profileId: string): void {
    if (core.options.profile(profileId).readOnly) throw new AppError('PROFILE_READ_ONLY', { detail: { profile: profileId } })
  }

  return {
    upload(request) {
      const { profileId, paths, group, folder = '', metadata = {}, duplicates = 'send', tags = [], thumbnails = [], naming = '' } = request
      checkWritable(profileId)
      checkMetadata(metadata)
      if (group !== undefined && !isGroupName(group)) throw new AppError('GROUP_INVALID', { detail: { group } })
      const title = request.title ?? basename(paths[0] ?? '')
      const more = request.title === undefined ? Math.max(0, paths.length - 1) : 0
      const looks = { tags: [...tags], thumbnails: [...thumbnails], naming }
      const what = {
        kind: 'upload' as const,
        paths: [...paths],
        group: group ?? null,
        folder,
        metadata,
        duplicates,
        ...looks,
        leftovers: []
      }
      return add(profileId, title, null, { ...NEW, more, ...what })
    },

    download(request) {
      const { profileId, target, keepFolders = true, conflict = core.options.settings().conflict } = request
      const { names = core.options.settings().downloadNames } = request
      onDiskSync(target, () => mkdirSync(target, { recursive: true }))
      const options = { ...NEW, kind: 'download' as const, choice: choiceOf(request), keepFolders, conflict, names }
      return add(profileId, request.title ?? null, target, options)
    },

    zip(request) {
      const { profileId, target, onMissing = 'report' } = request
      onDiskSync(target, () => mkdirSync(dirname(target), { recursive: true }))
      const fresh = { ...NEW, partPath: null, finalPath: null, totalBytes: null, placed: false, replace: false, closed: false }
      const options = { kind: 'zip' as const, choice: choiceOf(request), onMissing, ...fresh }
      return add(profileId, request.title ?? basename(target), target, options)
    },

    metadata(request) {
      const { profileId, set, remove, overwrite = false } = request
      checkWritable(profileId)
      checkMetadata(set)
      const changes = request.changes === undefined ? null : [...request.changes]
      const options = { ...NEW, kind: 'metadata' as const, choice: choiceOf(request), set, remove: [...remove], overwrite, changes }
      return add(profileId, request.title ?? null, null, options)
    },

    resume(record, options) {
      if (!hasSource(options)) return false
      const title = record.title === '' ? new TitleOf() : null
      const known = knownRows(record.id, title)
      fillLater(new Batch(journal, core.writer.flush, record, options), without(rowsFor(record.profileId, options), known), title)
      return true
    },

    remove(choice) {
      checkWritable(choice.profileId)
      return add(choice.profileId, choice.title ?? null, null, { ...NEW, kind: 'delete', choice: choiceOf(choice) })
    },

    finish(choice) {
      checkWritable(choice.profileId)
      return add(choice.profileId, choice.title ?? null, null, { ...NEW, kind: 'finish', choice: choiceOf(choice) })
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

/** Leaves out what is known, as often as it is known. */
async function* without(rows: AsyncIterable<NewTransfer[]>, known: Map<string, number>): AsyncGenerator<NewTransfer[]> {
  for await (const some of rows) {
    yield some.filter((row) => {
      const count = known.get(keyOf(row)) ?? 0
      if (count > 0) known.set(keyOf(row), count - 1)
      return count === 0
    })
  }
}

function keyOf({ localPath, fileId }: Pick<NewTransfer, 'localPath' | 'fileId'>): string {
  return localPath ?? fileId ?? ''
}

function choiceOf({ selection, fileIds }: FileChoice): Choice {
  return { ...(selection === undefined ? {} : { selection }), ...(fileIds === undefined ? {} : { fileIds: [...fileIds] }) }
}

/** What the batch is to hold is known. */
function hasSource(options: BatchOptions): boolean {
  if (options.kind === 'upload') return options.paths.length > 0
  return options.choice !== null
}

/** All rows are journalled: they are what the batch holds. */
function withoutSource(options: BatchOptions): BatchOptions {
  if (options.kind === 'upload') return { ...options, paths: [] }
  if (options.kind === 'metadata') return { ...options, choice: null, changes: null }
  return { ...options, choice: null }
}

async function* named(rows: AsyncIterable<NewTransfer[]>, naming: string, now: number): AsyncGenerator<NewTransfer[]> {
  let number = 0
  for await (const some of rows) {
    yield naming === '' ? some : some.map((row) => ({ ...row, name: nameBy(naming, row.name, ++number, now) }))
  }
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
