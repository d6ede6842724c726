import type { FileHandle } from 'node:fs/promises'

const BLOCK_BYTES = 65_536
const NEW_LINE = 10
/** What is longer is no line of ours. */
const MAX_LINE_BYTES = 1_048_576

export interface BackwardLine {
  text: string
  /** Where the line begins: reading on from here gives the one before it. */
  start: number
}

/** The lines of a file from `end` (a beginning of a line, or the size of the file) to its beginning, last first; empty ones left out. */
export async function* linesBackwards(file: FileHandle, end: number): AsyncGenerator<BackwardLine> {
  let at = end
  /** The beginning of what was read and is not a whole line yet. */
  let rest = Buffer.alloc(0)
  while (at > 0) {
    const length = Math.min(BLOCK_BYTES, at)
    const block = Buffer.alloc(length)
    const { bytesRead } = await file.read(block, 0, length, at - length)
    if (bytesRead < length) return
    at -= length
    let pending = Buffer.concat([block, rest])
    for (let cut = lastNewLine(pending); cut !== -1; cut = lastNewLine(pending)) {
      const line = pending.subarray(cut + 1)
      if (line.length > 0) yield { text: line.toString('utf8'), start: at + cut + 1 }
      pending = pending.subarray(0, cut)
    }
    rest = pending.length > MAX_LINE_BYTES ? Buffer.alloc(0) : Buffer.from(pending)
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), start: 0 }
}

function lastNewLine(bytes: Buffer): number {
  return bytes.lastIndexOf(NEW_LINE)
}
