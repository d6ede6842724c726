import type { MergeCounts } from '../../../shared/import.ts'
import type { FileOrigin } from '../../../shared/model.ts'
import type { Connection, Row } from '../connection.ts'
import { columnsOf, freshContent, textOf, type Content } from '../content.ts'
import { tryFactsOf } from '../facts.ts'
import { IdSet } from '../id-set.ts'
import type { TextIndex } from '../text-index.ts'
import { isLeftMetadata, METADATA_END } from './metadata-names.ts'

/** What of a file is to be asked (`read_queue.what`). */
export const READ_METADATA = 1
export const READ_INFO = 2

/** Rows of one INSERT. */
const ROWS = 16
/** Metadata that came before its file, or without: more than this is counted, not kept. */
const MAX_ORPHANS = 100_000
/**
 * A file that came into the library so shortly before the listing began may not be in the storage's log yet; one that another
 * storage took may still be on its way: their absence proves nothing.
 */
const UNPROVEN_MS = 10_000
const UNPROVEN_COPY_MS = 3_600_000

/**
 * Brings names that a server knows into the library, in transactions of the caller. Merging the same names again changes nothing.
 * A file that is new is added with what its ID tells; one that was missing is present again; one in the trash stays there.
 */
export class Merge {
  readonly counts: MergeCounts = {
    added: 0,
    known: 0,
    returned: 0,
    missing: 0,
    trashed: 0,
    described: 0,
    orphans: 0,
    unreadable: 0,
    unchecked: 0
  }
  readonly #connection: Connection
  readonly #texts: TextIndex
  readonly #profile: number
  readonly #group: string
  readonly #origin: FileOrigin
  readonly #read: boolean
  readonly #startedAt: number
  readonly #sources: Set<string> | null
  readonly #seen = new IdSet()
  readonly #orphans = new Set<string>()
  #newTexts: [number, string][] = []

  constructor(
    connection: Connection,
    texts: TextIndex,
    /**
     * `read`: what the names do not tell is to be asked afterwards. `now`: Unix ms.
     * `sources`: what the IDs say of files that the listed storage took itself; null = it took all of the group.
     */
    options: { profile: number; group: string; origin: FileOrigin; read: boolean; now: number; sources?: readonly string[] | null }
  ) {
    this.#connection = connection
    this.#texts = texts
    this.#profile = options.profile
    this.#group = options.group
    this.#origin = options.origin
    this.#read = options.read
    this.#startedAt = options.now
    this.#sources = options.sources ? new Set(options.sources) : null
  }

  /** Names without the group, as a listing has them; metadata names among them. Within a transaction. */
  listed(names: readonly string[]): void {
    const files = new Map<string, Content>()
    const metadata: string[] = []
    for (const name of names) {
      const fileId = `${this.#group}/${name}`
      if (name.endsWith(METADATA_END)) metadata.push(fileId)
      else this.#understand(files, fileId)
    }
    this.#store(files)
    const unknown = this.#describe(metadata.map((fileId) => fileId.slice(0, -METADATA_END.length)))
    for (const fileId of unknown) {
      if (this.#orphans.size < MAX_ORPHANS) this.#orphans.add(fileId + METADATA_END)
      else this.counts.orphans += 1
    }
  }

  /** IDs of files that exist, and of those among the library's that have metadata. Within a transaction. */
  present(fileIds: readonly string[], described: readonly string[] = []): void {
    const files = new Map<string, Content>()
    for (const fileId of fileIds) this.#understand(files, fileId)
    this.#store(files)
    this.#describe(described)
  }

  /** Counts what `present` would add; changes nothing. */
  lookup(fileIds: readonly string[]): void {
    const known = this.#connection.all(KNOWN, [JSON.stringify(fileIds), this.#profile])
    this.counts.known += known.length
    this.counts.returned += known.filter((row) => row.state === 'missing' || row.state === 'deleted').length
    this.counts.added += fileIds.length - known.length
  }

  /** IDs of files that were deleted on the server. Within a transaction. */
  gone(fileIds: readonly string[]): void {
    const sql = `UPDATE files SET state = 'missing' WHERE profile = ? AND file_id IN (SELECT value FROM json_each(?))
      AND state NOT IN ('missing', 'deleted')`
    this.counts.missing += this.#connection.run(sql, [this.#profile, JSON.stringify(fileIds)])
  }

  /** Everything was listed: what is left of metadata without a file is either a file that ends so, or forgotten metadata. */
  settleOrphans(): void {
    const files = new Map<string, Content>()
    const unknown = this.#describe([...this.#orphans].map((fileId) => fileId.slice(0, -METADATA_END.length)))
    for (const of of unknown) {
      const fileId = of + METADATA_END
      const facts = tryFactsOf(fileId)
      if (facts === null || isLeftMetadata(fileId)) this.counts.orphans += 1
      else this.#understand(files, fileId)
    }
    this.#orphans.clear()
    this.#store(files)
  }

  /**
   * Every path of a storage that has the whole group was listed to its end: files of the group that were not met are gone. A
   * part of them: `after` is the id after which to look; null = done.
   */
  markMissing(after: number, limit: number): number | null {
    const rows = this.#connection.all(
      `SELECT id, state, source, added_at FROM files NOT INDEXED WHERE id > ? AND profile = ? AND group_name = ? ORDER BY id LIMIT ?`,
      [after, this.#profile, this.#group, limit]
    )
    const gone = rows.filter((row) => this.#isGone(row)).map((row) => Number(row.id))
    const sql = "UPDATE files SET state = 'missing' WHERE id IN (SELECT value FROM json_each(?))"
    if (gone.length > 0) this.counts.missing += this.#connection.run(sql, [JSON.stringify(gone)])
    return rows.length < limit ? null : Number(rows.at(-1)!.id)
  }

  #isGone(row: Row): boolean {
    const settled = row.state === 'present' || row.state === 'syncing'
    const own = this.#sources === null || this.#sources.has(String(row.source))
    const since = this.#startedAt - (own ? UNPROVEN_MS : UNPROVEN_COPY_MS)
    return settled && !this.#seen.has(Number(row.id)) && Number(row.added_at) < since
  }

  #understand(files: Map<string, Content>, fileId: string): void {
    if (files.has(fileId)) return
    const facts = tryFactsOf(fileId)
    if (facts === null) this.counts.unreadable += 1
    else files.set(fileId, freshContent({ fileId, origin: this.#origin }, facts, this.#startedAt))
  }

  #store(files: Map<string, Content>): void {
    if (files.size === 0) return
    const ids = JSON.stringify([...files.keys()])
    const back: number[] = []
    for (const row of this.#connection.all(KNOWN, [ids, this.#profile])) {
      const id = Number(row.id)
      const fileId = String(row.file_id)
      const { facts } = files.get(fileId)!
      files.delete(fileId)
      if (this.#seen.has(id)) continue
      this.#seen.add(id)
      this.counts.known += 1
      // A server lists what was in a trunk file without looking: that proves nothing about a file known to be gone.
      if (facts.kind === 'trunk') this.counts.unchecked += 1
      else if (row.state === 'missing' || row.state === 'deleted') back.push(id)
    }
    if (back.length > 0) {
      this.counts.returned += this.#connection.run("UPDATE files SET state = 'present' WHERE id IN (SELECT value FROM json_each(?))", [
        JSON.stringify(back)
      ])
    }
    for (const row of this.#connection.all(TRASHED, [ids, this.#profile])) {
      if (files.delete(String(row.file_id))) this.counts.trashed += 1
    }
    this.#insert([...files.values()])
  }

  #insert(contents: readonly Content[]): void {
    const asked: [number, number][] = []
    for (let at = 0; at < contents.length; at += ROWS) {
      const some = contents.slice(at, at + ROWS)
      const columns = some.map((content) => columnsOf(content))
      const names = Object.keys(columns[0]!)
      const row = `(?, ?${', ?'.repeat(names.length)})`
      const last = this.#connection.insert(
        `INSERT INTO files (profile, added_at, ${names.join(', ')}) VALUES ${some.map(() => row).join(', ')}`,
        columns.flatMap((each) => [this.#profile, this.#startedAt, ...Object.values(each)])
      )
      for (const [index, content] of some.entries()) {
        const id = last - some.length + 1 + index
        this.#seen.add(id)
        this.#newTexts.push([id, textOf(content)])
        if (content.facts.kind === 'trunk') this.counts.unchecked += 1
        if (content.sizeBytes === null || content.facts.kind === 'trunk') asked.push([id, READ_INFO])
      }
    }
    this.counts.added += contents.length
    if (this.#read) for (const [id, what] of asked) this.#ask(id, what)
  }

  /** At the end of every transaction: the search index must not be written between other statements (see text-index.ts). */
  flush(): void {
    this.#texts.add(this.#newTexts)
    this.#newTexts = []
  }

  /** These files have metadata. Returns those that the library does not have. */
  #describe(fileIds: readonly string[]): string[] {
    if (fileIds.length === 0) return []
    const unknown = new Set(fileIds)
    for (const row of this.#connection.all(KNOWN, [JSON.stringify(fileIds), this.#profile])) {
      if (!unknown.delete(String(row.file_id))) continue
      this.counts.described += 1
      if (this.#read && row.metadata_read_at === null) this.#ask(Number(row.id), READ_METADATA)
    }
    return [...unknown]
  }

  #ask(id: number, what: number): void {
    this.#connection.run('INSERT INTO read_queue VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET what = what | excluded.what', [
      this.#profile,
      id,
      what
    ])
  }
}

const KNOWN = `SELECT files.id, files.file_id, files.state, files.metadata_read_at FROM json_each(?1) CROSS JOIN files INDEXED BY files_by_file_id
  ON files.profile = ?2 AND files.file_id = json_each.value`
const TRASHED = `SELECT trash.file_id FROM json_each(?1) CROSS JOIN trash INDEXED BY trash_by_file_id
  ON trash.profile = ?2 AND trash.file_id = json_each.value WHERE EXISTS (SELECT 1 FROM trash)`
