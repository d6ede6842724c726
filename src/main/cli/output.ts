import type { ErrorData } from '../../shared/errors.ts'
import { describeError } from '../../shared/error-texts.ts'
import { type CliTexts, type Language, textsFor } from './texts.ts'

/** What is known of one file when its work ends. Documented in docs/cli.md: fields are only ever added. */
export interface FileResult {
  ok: boolean
  /** File ID; null when there is none (an upload that failed). */
  id: string | null
  /** Path on this computer; null where none is involved. */
  path: string | null
  size: number | null
  /** Eight lower-case hex digits; null when unknown. */
  crc32: string | null
  error?: { code: string; message: string; advice: string; detail?: ErrorData['detail'] }
  /** Facts that only some commands have (metadata, kind, source, created …). */
  [extra: string]: unknown
}

export interface OutputOptions {
  json: boolean
  quiet: boolean
  stdout: NodeJS.WritableStream
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  language: Language
  /** Nothing may be drawn over, although it looks like a terminal: the log of a CI service, a terminal that can do nothing. */
  plain?: boolean
  /** ms since 1970. */
  now?: () => number
}

export function formatCrc(crc32: number | null): string | null {
  return crc32 === null ? null : crc32.toString(16).padStart(8, '0')
}

/** Results on stdout (text or JSON lines), failures and progress on stderr. Counts what failed for the exit status. */
export class Output {
  failed = 0
  /** Files that were stored already (sync). */
  unchanged = 0
  #options: OutputOptions
  #line = ''
  /** When the last line of progress was written where nothing can be drawn over. */
  #told: number
  #now: () => number

  constructor(options: OutputOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#told = this.#now()
  }

  get texts(): CliTexts {
    return textsFor(this.#options.language)
  }

  get json(): boolean {
    return this.#options.json
  }

  /** true when progress lines can be drawn over each other. */
  get interactive(): boolean {
    return this.#options.stderr.isTTY === true && !this.#options.quiet && !this.#options.plain
  }

  /** A finished file. `text` is its line for people; without it nothing is printed on success in text mode. */
  file(result: FileResult, text?: string): void {
    if (!result.ok) this.failed++
    if (this.#options.json) {
      this.record(result)
      return
    }
    if (result.ok) {
      if (text !== undefined) this.#out(text)
      return
    }
    const subject = result.path ?? result.id ?? ''
    const { error } = result
    this.note(this.texts.failed(subject, `${error?.message ?? this.texts.unknownError}${error?.advice ? ` ${error.advice}` : ''}`))
  }

  /** Any other line of a result (tables); in JSON mode use `record`. */
  line(text: string): void {
    this.#out(text)
  }

  record(value: unknown): void {
    // JSON escapes control characters, but for these: to a terminal they are control characters, too.
    this.#out(JSON.stringify(value).replaceAll(/[\u007f-\u009f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`))
  }

  /** One line for people, on stderr. */
  note(text: string): void {
    this.clearProgress()
    this.#options.stderr.write(`${printable(text)}\n`)
  }

  /** `part`: how much is done, 0 to 1: on a terminal a bar, in a log a line now and then; with --quiet nothing. */
  progress(text: string, part: number | null = null): void {
    const { stderr, quiet } = this.#options
    if (quiet) return
    if (!this.interactive) {
      if (part === null || this.#now() - this.#told < LOG_MS) return
      this.#told = this.#now()
      stderr.write(`${Math.floor(part * 100)}%  ${text}\n`)
      return
    }
    // Some terminals do not know their width and say 0.
    const line = fitted(`${part === null ? '' : `${bar(part)}  `}${text}`, (stderr.columns || 80) - 1)
    if (line === this.#line) return
    stderr.write(`\r\x1b[K${line}`)
    this.#line = line
  }

  clearProgress(): void {
    if (this.#line === '') return
    this.#options.stderr.write('\r\x1b[K')
    this.#line = ''
  }

  /** The error part of a FileResult. */
  describe(error: ErrorData): NonNullable<FileResult['error']> {
    const { what, next } = describeError(error, this.#options.language)
    return { code: error.code, message: what, advice: next, ...(error.detail ? { detail: error.detail } : {}) }
  }

  #out(text: string): void {
    this.clearProgress()
    this.#options.stdout.write(`${text}\n`)
  }
}

/** Whether what looks like a terminal is none that can be drawn on: CI services collect lines, whatever they pretend. */
export function isPlain(env: Readonly<Record<string, string | undefined>>): boolean {
  return env['TERM'] === 'dumb' || !['', 'false', '0'].includes(env['CI'] ?? '')
}

/** A log gets a line of progress this often. */
const LOG_MS = 30_000
const BAR_CELLS = 24

function bar(part: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * BAR_CELLS)
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}] ${String(Math.floor(part * 100)).padStart(3)}%`
}

/** As much of a text as has room; Chinese characters take two cells. */
function fitted(text: string, cells: number): string {
  let used = 0
  let end = 0
  for (const character of text) {
    used += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character) ? 2 : 1
    if (used > cells) break
    end += character.length
  }
  return text.slice(0, end)
}

/** Remote or local text for a terminal: control characters (escape sequences) made visible. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${UNITS[unit]}`
}

export function formatSeconds(seconds: number): string {
  const s = Math.round(seconds)
  if (s < 60) return `${s}s`
  if (s < 3600) return `${Math.floor(s / 60)}m${String(s % 60).padStart(2, '0')}s`
  return `${Math.floor(s / 3600)}h${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}m`
}
