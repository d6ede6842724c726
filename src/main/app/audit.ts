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
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { BatchKind } from '../../shared/model.ts'
import { localError } from './local-errors.ts'

/** One thing that this computer did to one file. What is told is what happened, never how: no secrets, no tokens. */
export interface AuditEntry {
  action: BatchKind
  result: 'done' | 'failed'
  profileId: string
  profile: string
  fileId: string | null
  name: string
  localPath: string | null
  sizeBytes: number
  /** Code of the error, where it failed. */
  error: string | null
}

/** A log that is only ever appended to: one JSON object per line, one file per month (UTC) in a folder of its own. */
export interface AuditLog {
  /** Written before it returns. A log that cannot be written must not stop transfers: the first failure is reported, later ones not. */
  add(entries: readonly AuditEntry[]): void
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
