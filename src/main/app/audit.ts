import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  rmSync,
  writeSync
} from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { AuditFilter, AuditPage } from '../../shared/contract.ts'
import type { AuditEntry } from '../../shared/model.ts'
import { linesBackwards } from './lines-backwards.ts'
import { localError } from './local-errors.ts'
/** A log that is only ever appended to: one JSON object per line, one file per month (UTC) in a folder of its own. */
export interface AuditLog {
  /** Written before it returns. A log that cannot be written must not stop transfers: the first failure is reported, later ones not. */
  add(entries: readonly AuditEntry[]): void
  /**
   * Newest first, what fits the filter: at most `limit`, and no longer than a page may wait. `cursor` leads on to older ones; null =
   * that was all.
   */
  list(filter: AuditFilter, limit: number, cursor: string | null): Promise<AuditPage>
  /** Copies everything that is kept to a file, oldest first. */
  exportTo(path: string): Promise<void>
  close(): void
}

export interface AuditOptions {
  folder: string
  now(): number
  /** Months before the present one that are kept. */
  keepMonths: number
  report(about: string, error: unknown): void
}

/** Characters that one call may look through, so that a rare word does not hold up the window. */
const MAX_SCANNED = 16_000_000

const FILE = /^(\d{4})-(\d{2})\.jsonl$/

/** Opens the log and removes what is older than the months that are kept. */
export function openAuditLog({ folder, now, keepMonths, report }: AuditOptions): AuditLog {
  let open: { name: string; fd: number } | null = null
  let failing = false
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const present = monthNumber(monthName(now()))
    for (const name of readdirSync(folder)) if (FILE.test(name) && present - monthNumber(name) > keepMonths) rmSync(join(folder, name))
  } catch (error) {
    report('audit log', error)
  }
  const fileOf = (name: string): number => {
    if (open?.name === name) return open.fd
    if (open) closeSync(open.fd)
    open = null
    const fd = openSync(join(folder, name), 'a+', 0o600)
    open = { name, fd }
    // A line that a crash cut short must not swallow the next one.
    if (!endsLine(fd)) writeSync(fd, '\n')
    return fd
  }
  return {
    add(entries) {
      if (entries.length === 0) return
      const at = now()
      const lines = entries.map((entry) => `${JSON.stringify({ at: new Date(at).toISOString(), ...entry })}\n`).join('')
      try {
        writeSync(fileOf(monthName(at)), lines)
        failing = false
      } catch (error) {
        if (!failing) report('audit log', error)
        failing = true
      }
    },
    async list(filter, limit, cursor) {
      const entries: AuditPage['entries'] = []
      const from = cursorOf(cursor)
      const names = readdirSync(folder).filter((name) => FILE.test(name) && (from === null || name <= from.name))
      let scanned = 0
      for (const name of names.toSorted().toReversed()) {
        const file = await openFile(join(folder, name))
        try {
          const end = from?.name === name ? from.end : (await file.stat()).size
          for await (const { text, start } of linesBackwards(file, end)) {
            scanned += text.length
            const entry = readEntry(text)
            if (entry && fits(entry, filter)) entries.push(entry)
            // A line that was cut short by a crash is no entry, and no reason to stop.
            if (entries.length >= limit || scanned >= MAX_SCANNED) return { entries, cursor: `${name}:${start}` }
          }
        } finally {
          await file.close()
        }
      }
      return { entries, cursor: null }
    },
    async exportTo(path) {
      const names = readdirSync(folder)
        .filter((name) => FILE.test(name))
        .toSorted()
      try {
        const target = createWriteStream(path, { mode: 0o600 })
        await pipeline(async function* () {
          for (const name of names) yield* createReadStream(join(folder, name))
        }, target)
      } catch (error) {
        throw localError(error, path)
      }
    },
    close() {
      if (open) closeSync(open.fd)
      open = null
    }
  }
}

function monthName(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 7)}.jsonl`
}

/** Months since year 0, for differences. */
function monthNumber(name: string): number {
  const [, year = '0', month = '0'] = FILE.exec(name) ?? []
  return Number(year) * 12 + Number(month)
}

function endsLine(fd: number): boolean {
  const { size } = fstatSync(fd)
  if (size === 0) return true
  const last = Buffer.alloc(1)
  readSync(fd, last, 0, 1, size - 1)
  return last[0] === 10
}

/** 'month.jsonl:offset', as `list` made it; anything else begins at the newest. */
function cursorOf(text: string | null): { name: string; end: number } | null {
  const [, name = '', end = ''] = /^(\d{4}-\d{2}\.jsonl):(\d{1,15})$/.exec(text ?? '') ?? []
  return name === '' ? null : { name, end: Number(end) }
}

function readEntry(line: string): AuditPage['entries'][number] | null {
  try {
    const entry = JSON.parse(line) as AuditPage['entries'][number]
    return typeof entry?.at === 'string' && typeof entry.action === 'string' && typeof entry.name === 'string' ? entry : null
  } catch {
    return null
  }
}

function fits(entry: AuditEntry, { text, action, result, profileId }: AuditFilter): boolean {
  if (action !== undefined && entry.action !== action) return false
  if (result !== undefined && entry.result !== result) return false
  if (profileId !== undefined && entry.profileId !== profileId) return false
  if (text === undefined || text === '') return true
  const wanted = text.toLowerCase()
  return [entry.name, entry.fileId, entry.localPath, entry.detail, entry.error].some((part) => part?.toLowerCase().includes(wanted))
}
