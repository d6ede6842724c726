import { AppError } from '../../../shared/errors.ts'
import { tryParseFileId } from '../../../shared/file-id.ts'
import type { BinlogReport } from '../../../shared/import.ts'
import { findBinlogs, readLines, type BinlogFile } from './binlog-files.ts'
import { isLeftMetadata, METADATA_END } from './metadata-names.ts'
import { ALIVE, EVER, NameTable, TOLD } from './name-table.ts'

/** What a replay found, some thousand at a time. */
export interface Replayed {
  /** IDs of files that exist at the end of the log. */
  present: string[]
  /** IDs (of `present`, in this or another piece) whose metadata the log knows. */
  described: string[]
  /** IDs of files that the log deleted. */
  gone: string[]
}

/** The longest line that a storage writes: an end without a line feed that is longer is no unfinished line. */
const MAX_TAIL = 256
/** Storages whose files are in the log; there are not many, but a damaged log may invent some. */
const MAX_SOURCES = 64

interface Line {
  op: string
  name: string
  /** The old name of a renamed file. */
  old: string | null
}

type BadLine = keyof BinlogReport['skipped']

/**
 * What a line says (protocol page, section 11.2), or why it says nothing:
 * `timestamp SP op SP filename [SP extra]`, op one of C D U A M T L R in upper or lower case.
 */
export function parseBinlogLine(line: string): Line | BadLine {
  const columns = line.split(' ')
  const [timestamp, op, name, extra] = columns as [string, string?, string?, string?]
  if (!/^[0-9]{1,15}$/.test(timestamp) || op === undefined || name === undefined) return 'malformed'
  if (!/^[CDUAMTLRcdulamtr]$/.test(op)) return 'unknownOp'
  // Some versions write links without their own name.
  if (name === '') return 'nameless'
  if (op === 'R' || op === 'r') return extra === undefined || extra === '' ? 'malformed' : { op: 'R', name, old: extra }
  return { op: op.toUpperCase(), name, old: null }
}

/**
 * Replays the binlogs of one storage in two readings: the first learns what became of every name, the second tells the result
 * (`tell`; without it nothing but the report is made). Deterministic: what was tested before is what is done.
 */
export async function replayBinlogs(options: {
  paths: readonly string[]
  group: string
  signal: AbortSignal
  /** Share of the work that is done, 0–1. */
  progress: (share: number, report: BinlogReport) => void
  tell?: (found: Replayed) => Promise<void>
}): Promise<BinlogReport> {
  const { group, signal, tell } = options
  const files = await findBinlogs(options.paths)
  const report = emptyReport(files)
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0) * 2 || 1
  let doneBytes = 0
  const advance = (bytes: number): void => {
    doneBytes += bytes
    options.progress(Math.min(1, doneBytes / totalBytes), report)
  }

  const names = new NameTable()
  const lengths = new Map<string, number>()
  for (const file of files) {
    let records = 0
    const learn = (lines: string[], bytes: number): void => {
      for (const line of lines) if (learnLine(names, report, line)) records += 1
      advance(bytes)
    }
    const read = await readLines(file, learn, signal)
    // Not one record, and what no log has: a picture, an archive.
    if (records === 0 && (read.overlong > 0 || read.tail > MAX_TAIL))
      throw new AppError('BINLOG_UNREADABLE', { detail: { path: file.path } })
    lengths.set(file.path, read.chars)
    if (read.tail > 0) report.unfinished.push(file.name)
    if (read.damaged) report.damaged.push(file.name)
  }

  const sources = new Map<string, number>()
  for (const file of files) {
    const sort = async (lines: string[], bytes: number): Promise<void> => {
      const found = sortLines(names, report, sources, group, lines)
      if (tell && found.present.length + found.described.length + found.gone.length > 0) await tell(found)
      advance(bytes)
    }
    await readLines(file, sort, signal, lengths.get(file.path))
  }
  report.sources = [...sources].sort((a, b) => b[1] - a[1]).map(([source, count]) => ({ source, count }))
  return report
}

function emptyReport(files: readonly BinlogFile[]): BinlogReport {
  return {
    logs: files.map(({ name, bytes }) => ({ name, bytes })),
    lines: 0,
    files: 0,
    metadata: 0,
    gone: 0,
    skipped: { malformed: 0, unknownOp: 0, nameless: 0, noFile: 0 },
    unfinished: [],
    damaged: [],
    firstAt: null,
    lastAt: null,
    sources: []
  }
}

/** False: the line is no record. */
function learnLine(names: NameTable, report: BinlogReport, text: string): boolean {
  report.lines += 1
  const line = parseBinlogLine(text)
  if (typeof line === 'string') {
    report.skipped[line] += 1
    return false
  }
  const at = Number(text.slice(0, text.indexOf(' '))) * 1000
  if (report.firstAt === null || at < report.firstAt) report.firstAt = at
  if (report.lastAt === null || at > report.lastAt) report.lastAt = at
  if (line.op === 'C' || line.op === 'L') names.set(line.name, EVER | ALIVE)
  else if (line.op === 'D') names.set(line.name, EVER)
  else if (line.op === 'R') {
    names.set(line.old!, EVER)
    names.set(line.name, EVER | ALIVE)
  }
  return true
}

/** The names of some lines that were not told yet, by what became of them. */
function sortLines(names: NameTable, report: BinlogReport, sources: Map<string, number>, group: string, lines: string[]): Replayed {
  const found: Replayed = { present: [], described: [], gone: [] }
  const sort = (name: string): void => {
    const flags = names.get(name)
    if ((flags & EVER) === 0 || (flags & TOLD) !== 0) return
    names.set(name, flags | TOLD)
    const alive = (flags & ALIVE) !== 0
    // Not by the ending alone: a file may have the extension 'a-m'.
    const of = name.endsWith(METADATA_END) ? name.slice(0, -METADATA_END.length) : null
    const ofFlags = of === null ? 0 : names.get(of)
    if (ofFlags !== 0) {
      if (!alive) return
      report.metadata += 1
      if ((ofFlags & ALIVE) !== 0) found.described.push(`${group}/${of}`)
      return
    }
    const facts = tryParseFileId(`${group}/${name}`)
    if (facts === null || isLeftMetadata(name)) {
      // Metadata of a file that is older than the log, or that had its name changed before it came to this storage.
      if (alive) report.skipped.noFile += 1
      return
    }
    if (!alive) {
      report.gone += 1
      found.gone.push(facts.fileId)
      return
    }
    report.files += 1
    found.present.push(facts.fileId)
    const source = facts.source.type === 'ip' ? facts.source.address : `id:${facts.source.id}`
    if (sources.has(source) || sources.size < MAX_SOURCES) sources.set(source, (sources.get(source) ?? 0) + 1)
  }
  for (const text of lines) {
    const line = parseBinlogLine(text)
    if (typeof line === 'string') continue
    if (line.op === 'C' || line.op === 'L' || line.op === 'D' || line.op === 'R') sort(line.name)
    if (line.old !== null) sort(line.old)
  }
  return found
}
