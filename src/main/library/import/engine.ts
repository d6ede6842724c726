import { AppError } from '../../../shared/errors.ts'
import type { BulkCall, BulkCalls } from '../bulk-messages.ts'
import { createCatalogue } from '../catalogue.ts'
import type { Connection, Row } from '../connection.ts'
import { toFileRow } from '../file-rows.ts'
import { QUERY_LIMITS } from '../query.ts'
import { createTextIndex } from '../text-index.ts'
import type { FileChange, KnownFile } from '../types.ts'
import type { WriteGate } from '../write-gate.ts'
import { Merge } from './merge.ts'
import { createReadQueue } from './read-queue.ts'
import { replayBinlogs } from './replay.ts'
import { createTurns } from './turns.ts'

/** Names that are stored between two looks at whether the main thread waits, and in one transaction. */
const NAMES = { slice: 256, most: 4_096 }
/** Rows that are read, changed and written: each a transaction. */
const ROWS = 200
const GONE = { slice: 2_000, most: 20_000 }

type Work = {
  [C in BulkCall]: (
    input: BulkCalls[C]['input'],
    progress: (value: BulkCalls[C]['progress']) => void,
    signal: AbortSignal
  ) => Promise<BulkCalls[C]['output']> | BulkCalls[C]['output']
}

/**
 * What the bulk thread does. Calls run side by side, but every transaction is one step: they
 * take turns between them. Texts that changed are indexed when nothing else waits.
 */
export function createBulkEngine(connection: Connection, gate: WriteGate, now: () => number): Work {
  const texts = createTextIndex(connection, indexLater)
  const files = createCatalogue(connection, texts, now, () => {}, QUERY_LIMITS, false)
  const turns = createTurns(connection, gate)
  const queue = createReadQueue(connection, files)
  const runs = new Map<number, Merge>()
  let lastRun = 0
  let indexing: Promise<void> | null = null
  /** Changes of many files under way. */
  let changing = 0

  function indexRest(): Promise<void> {
    // Not at once: this may be called within a transaction.
    indexing ??= turns
      .pause()
      .then(() => turns.until((stop) => texts.indexSome(stop)))
      .finally(() => (indexing = null))
    return indexing
  }

  /** What fails now is tried again with the next search or change. While many files change, changing them comes first. */
  function indexLater(): void {
    if (changing === 0) indexRest().catch(() => {})
  }

  const profileNo = (profileId: string): number =>
    connection.transaction(false, () => {
      connection.run('INSERT OR IGNORE INTO profiles (id) VALUES (?)', [profileId])
      return connection.number('SELECT no FROM profiles WHERE id = ?', [profileId])
    })

  /** What was written since is on disk when this returns: the log is one file. */
  function makeDurable(): void {
    connection.transaction(true, () => connection.run('UPDATE profiles SET id = id'))
  }

  function runOf(run: number): Merge {
    const merge = runs.get(run)
    if (!merge) throw new AppError('INPUT_INVALID', { detail: { field: 'run', run } })
    return merge
  }

  function changeSome(profileId: string, ids: number[], change: FileChange): number {
    const selection = { ids }
    if (change.type === 'move') return files.move(profileId, selection, change.folder)
    if (change.type === 'tag') return files.tag(profileId, selection, change)
    const rows = files.get(profileId, ids)
    files.forget(
      profileId,
      rows.map((row) => row.fileId)
    )
    return rows.length
  }

  function knownFiles(profile: number, fileIds: readonly string[]): (KnownFile | null)[] {
    const rows = connection.all(
      `SELECT files.* FROM json_each(?1) CROSS JOIN files INDEXED BY files_by_file_id
        ON files.profile = ?2 AND files.file_id = json_each.value`,
      [JSON.stringify(fileIds), profile]
    )
    const known = new Map(rows.map((row) => [row.file_id, row]))
    const inTrash = connection.all(
      `SELECT trash.file_id, trash.content FROM json_each(?1) CROSS JOIN trash INDEXED BY trash_by_file_id
        ON trash.profile = ?2 AND trash.file_id = json_each.value`,
      [JSON.stringify(fileIds), profile]
    )
    const trashed = new Map(inTrash.map((row) => [row.file_id, JSON.parse(String(row.content)) as Row]))
    return fileIds.map((fileId) => {
      const row = known.get(fileId) ?? trashed.get(fileId)
      if (!row) return null
      const { id, name, folder, state, tags, metadata } = toFileRow(row)
      return { id, name, folder, state, tags, described: metadata !== null, trashed: trashed.has(fileId) }
    })
  }

  return {
    async binlogs([profileId, request], progress, signal) {
      const profile = profileNo(profileId)
      const merge = new Merge(connection, texts, { profile, group: request.group, origin: 'import', read: request.read, now: now() })
      const end = (): void => merge.flush()
      const report = await replayBinlogs({
        paths: request.paths,
        group: request.group,
        signal,
        progress: (share) => progress({ share, counts: { ...merge.counts } }),
        async tell({ present, described, gone }) {
          if (request.lookup) {
            merge.lookup(present)
            return
          }
          await turns.through(present, (part) => merge.present(part), { ...NAMES, end, signal })
          await turns.through(described, (part) => merge.present([], part), { ...NAMES, signal })
          await turns.through(gone, (part) => merge.gone(part), { ...NAMES, signal })
        }
      })
      if (!request.lookup) makeDurable()
      return { report, counts: { ...merge.counts } }
    },

    listingBegin([profileId, group, read, sources]) {
      lastRun += 1
      runs.set(
        lastRun,
        new Merge(connection, texts, { profile: profileNo(profileId), group, origin: 'listing', read, now: now(), sources })
      )
      return lastRun
    },
    async listingAdd([run, names]) {
      const merge = runOf(run)
      await turns.through(names === '' ? [] : names.split('\n'), (part) => merge.listed(part), { ...NAMES, end: () => merge.flush() })
      return { ...merge.counts }
    },
    async listingEnd([run, complete]) {
      const merge = runOf(run)
      connection.transaction(false, () => {
        merge.settleOrphans()
        merge.flush()
      })
      let after: number | null = 0
      while (complete && after !== null) {
        const from: number = after
        await turns.through([from], ([id]) => (after = merge.markMissing(id!, GONE.slice)), { slice: 1, most: 1 })
      }
      makeDurable()
      runs.delete(run)
      return { ...merge.counts }
    },
    listingDrop([run]) {
      runs.delete(run)
    },

    async upsert([profileId, inputs], progress, signal) {
      const sum = { inserted: 0, merged: 0 }
      for (let at = 0; at < inputs.length; at += ROWS) {
        const { inserted, merged } = files.upsert(profileId, inputs.slice(at, at + ROWS))
        sum.inserted += inserted
        sum.merged += merged
        progress({ done: Math.min(inputs.length, at + ROWS) })
        await turns.pause(signal)
      }
      makeDurable()
      return sum
    },

    async change([profileId, selection, change], progress) {
      if ('query' in selection && selection.query.text) await indexRest()
      // All of them before the first is changed: a change must not move the ground under the query. In their own order: neighbours
      // are on the same page of the file.
      const ids = 'ids' in selection ? selection.ids.toSorted((a, b) => a - b) : [...files.ids(profileId, selection)].flat()
      let found = 0
      changing += 1
      try {
        for (let at = 0; at < ids.length; at += ROWS) {
          found += changeSome(profileId, ids.slice(at, at + ROWS), change)
          progress({ done: Math.min(ids.length, at + ROWS) })
          await turns.pause()
        }
        makeDurable()
      } finally {
        changing -= 1
      }
      return found
    },

    known: ([profileId, fileIds]) => knownFiles(profileNo(profileId), fileIds),
    toRead: ([profileId, limit]) => queue.next(profileId, limit),
    learned: ([profileId, learned]) => queue.store(profileId, learned),
    dropReads: ([profileId]) => queue.drop(profileId),
    indexTexts: () => indexRest()
  }
}
