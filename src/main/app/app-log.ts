import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { linesBackwards } from './lines-backwards.ts'
import type { Redactor } from './redact.ts'

export type LogLevel = 'info' | 'warn' | 'error'

export interface LogLine {
  at: string
  level: LogLevel
  event: string
  fields: unknown
}

/** What the program did and what went wrong in it, for those who look for a fault: one JSON object per line. */
export interface AppLog {
  /** Written before it returns; redacted. Never throws: a log that cannot be written must not stop anything. */
  write(level: LogLevel, event: string, fields?: Record<string, unknown>): void
  /** The newest lines, oldest first. */
  tail(count: number): Promise<LogLine[]>
}

export interface AppLogOptions {
  folder: string
  now(): number
  redact: Redactor
  /** A file that reaches this size is put aside; default 2 MB. */
  maxBytes?: number | undefined
}

/** The present one and those before it. */
const FILES = 5
const MAX_BYTES = 2_000_000

export function openAppLog({ folder, now, redact, maxBytes = MAX_BYTES }: AppLogOptions): AppLog {
  const pathOf = (index: number): string => join(folder, index === 0 ? 'app.jsonl' : `app.${index}.jsonl`)
  let size: number | null = null
  const rotate = (): void => {
    rmSync(pathOf(FILES - 1), { force: true })
    for (let index = FILES - 2; index >= 0; index -= 1) {
      try {
        renameSync(pathOf(index), pathOf(index + 1))
      } catch {
        // There are not so many yet.
      }
    }
    size = 0
  }
  const sizeNow = (): number => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    try {
      return statSync(pathOf(0)).size
    } catch {
      return 0
    }
  }
  return {
    write(level, event, fields = {}) {
      try {
        const line = `${JSON.stringify({ at: new Date(now()).toISOString(), level, event, fields: redact(fields) })}\n`
        size ??= sizeNow()
        if (size > 0 && size + line.length > maxBytes) rotate()
        appendFileSync(pathOf(0), line, { mode: 0o600 })
        size += Buffer.byteLength(line)
      } catch {
        // The disk is full, or the folder is gone: the next line tries anew.
        size = null
      }
    },
    async tail(count) {
      const lines: LogLine[] = []
      for (let index = 0; index < FILES && lines.length < count; index += 1) {
        const file = await open(pathOf(index)).catch(() => null)
        if (!file) break
        try {
          for await (const { text } of linesBackwards(file, (await file.stat()).size)) {
            const line = readLine(text)
            if (line) lines.push(line)
            if (lines.length >= count) break
          }
        } finally {
          await file.close()
        }
      }
      return lines.toReversed()
    }
  }
}

/** null for a line that a crash cut short. */
function readLine(text: string): LogLine | null {
  try {
    const line = JSON.parse(text) as LogLine
    return typeof line?.at === 'string' && typeof line.event === 'string' ? line : null
  } catch {
    return null
  }
}
