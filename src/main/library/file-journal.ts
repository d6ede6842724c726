import { closeSync, fstatSync, fsync, fsyncSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { z } from 'zod'
import { createMemoryJournal } from './memory-journal.ts'
import type { TransferJournal } from './types.ts'

/** A journal that outlives its process, without a database: for the command line, also on a Node without SQLite. */
export interface FileJournal extends TransferJournal {
  /** What was only progress is written, too; the file stays for the next run. */
  close(): void
  /** Closed, and the file is gone: nothing is left to do. */
  remove(): void
}

const HEADER = '{"fdfs-journal":1}'
/** Progress waits until this much of it has come together; everything else is written at once. */
const BUFFER_CHARACTERS = 65_536

/** The changes of a journal; each line of the file is one, with what it was called with. */
const OPERATIONS = ['addBatch', 'addTransfers', 'patchBatch', 'removeBatch', 'patch', 'moveAll', 'resetRunning'] as const
const Line = z.tuple([z.enum(OPERATIONS), z.array(z.unknown())])

/**
 * The journal in memory, with every change appended to a file (JSON lines): opening the file again repeats them, and the numbers
 * of batches and transfers come out the same. A line that a crash cut short is dropped, and so is what follows a damaged one.
 * Throws the error of the file system when the file cannot be opened or written.
 */
export function openFileJournal(path: string): FileJournal {
  const memory = createMemoryJournal()
  const fd = openSync(path, 'a+', 0o600)
  let waiting = ''
  let open = true

  const text = readFileSync(path, 'utf8')
  const good = replay(memory, text)
  if (good < Buffer.byteLength(text)) ftruncateSync(fd, good)
  if (fstatSync(fd).size === 0) writeSync(fd, `${HEADER}\n`)

  const flush = (): void => {
    if (waiting === '') return
    const lines = waiting
    waiting = ''
    writeSync(fd, lines)
  }
  const note = (operation: (typeof OPERATIONS)[number], args: unknown[], progress = false): void => {
    waiting += `${JSON.stringify([operation, args])}\n`
    if (!progress || waiting.length > BUFFER_CHARACTERS) flush()
  }
  return {
    ...memory,
    addBatch(batch) {
      note('addBatch', [batch])
      return memory.addBatch(batch)
    },
    addTransfers(batchId, items) {
      const all = Array.from(items)
      const added = memory.addTransfers(batchId, all)
      note('addTransfers', [batchId, all])
      return added
    },
    patchBatch(id, patch) {
      memory.patchBatch(id, patch)
      note('patchBatch', [id, patch])
    },
    removeBatch(id) {
      memory.removeBatch(id)
      note('removeBatch', [id])
    },
    patch(patches, durable) {
      memory.patch(patches, durable)
      // An end is told to the user as soon as this returns: it must outlive the process.
      note('patch', [patches], !durable && patches.every(({ tag }) => tag === undefined))
      if (durable) fsyncSync(fd)
    },
    async sync() {
      flush()
      if (open) await promisify(fsync)(fd)
    },
    moveAll(batchId, from, to) {
      note('moveAll', [batchId, from, to])
      return memory.moveAll(batchId, from, to)
    },
    resetRunning() {
      note('resetRunning', [])
      return memory.resetRunning()
    },
    close() {
      if (!open) return
      flush()
      open = false
      closeSync(fd)
    },
    remove() {
      waiting = ''
      if (open) closeSync(fd)
      open = false
      rmSync(path, { force: true })
    }
  }
}

/** Repeats every whole, understood line. Returns how many bytes of the text were good. */
function replay(memory: TransferJournal, text: string): number {
  let good = 0
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at)
    if (end < 0) break
    const line = text.slice(at, end)
    if (!(at === 0 ? line === HEADER : repeat(memory, line))) break
    good += Buffer.byteLength(line) + 1
    at = end + 1
  }
  return good
}

function repeat(memory: TransferJournal, line: string): boolean {
  try {
    const [operation, args] = Line.parse(JSON.parse(line))
    // The lines are our own: whoever can change the file can also change the program.
    const method = memory[operation] as (...values: unknown[]) => unknown
    method(...(operation === 'patch' ? [...args, false] : args))
    return true
  } catch {
    return false
  }
}
