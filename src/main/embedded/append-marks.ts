import fs from 'node:fs'
import path from 'node:path'
import { readBinlog } from './binlog.ts'
import type { BinlogPosition } from './binlog.ts'

/** What an unfinished append must be cut back to. */
interface AppendMark {
  file: string
  name: string
  sizeBytes: number
  from: BinlogPosition
}

const PREFIX = 'append-'

/** Notes that an append begins: if the process dies in it, the next start cuts the file back. Returns the function that forgets it. */
export function markAppend(tempDir: string, key: string, mark: AppendMark): () => void {
  const file = path.join(tempDir, PREFIX + key)
  fs.writeFileSync(file, JSON.stringify(mark))
  return () => fs.rmSync(file, { force: true })
}

/** Cuts back every append that began and has no record in the binlog. */
export function rollBackAppends(tempDir: string, syncDir: string): void {
  for (const entry of fs.readdirSync(tempDir)) {
    if (!entry.startsWith(PREFIX)) continue
    const mark = parseMark(path.join(tempDir, entry))
    if (mark !== null && !wasRecorded(mark, syncDir)) cutBack(mark)
    fs.rmSync(path.join(tempDir, entry), { force: true })
  }
}

function parseMark(file: string): AppendMark | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as AppendMark
  } catch {
    return null // the process died while writing the mark: the append had not begun
  }
}

function wasRecorded(mark: AppendMark, syncDir: string): boolean {
  let from = mark.from
  for (;;) {
    const { records, next } = readBinlog(syncDir, from)
    if (records.some(({ record: r }) => r.op === 'A' && r.name === mark.name && r.extra.startsWith(`${mark.sizeBytes} `))) return true
    if (next.index === from.index && next.offset === from.offset) return false
    from = next
  }
}

function cutBack(mark: AppendMark): void {
  try {
    if (fs.statSync(mark.file).size > mark.sizeBytes) fs.truncateSync(mark.file, mark.sizeBytes)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
