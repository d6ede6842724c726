import fs from 'node:fs'
import path from 'node:path'
import { rollBackAppends } from './append-marks.ts'
import { renameInto } from './journal.ts'
import type { Journal } from './journal.ts'
import { MAX_STORED_NAME, parseName, truePath } from './names.ts'

/**
 * Brings directories and binlog into agreement at start: redoes the newest record if the process died before it was
 * applied, cuts back appends that never finished, and removes what uploads left unfinished.
 */
export function recover(journal: Journal, dataDirs: readonly string[], tempDirs: readonly string[]): void {
  const pending = journal.pendingPublication()
  if (pending !== null && fs.existsSync(pending.temp)) renameInto(pending)
  redoNewest(journal, dataDirs)
  for (const dir of tempDirs) {
    rollBackAppends(dir, journal.syncDir)
    for (const entry of fs.readdirSync(dir)) fs.rmSync(path.join(dir, entry), { force: true })
  }
}

function redoNewest(journal: Journal, dataDirs: readonly string[]): void {
  const record = journal.newest()
  const file = record === null ? null : pathOf(record.name, dataDirs)
  if (record === null || file === null) return
  switch (record.op.toUpperCase()) {
    case 'D':
      fs.rmSync(file, { force: true })
      break
    case 'R': {
      const old = pathOf(record.extra, dataDirs)
      if (old !== null && fs.existsSync(old) && !fs.existsSync(file)) fs.renameSync(old, file)
      break
    }
    case 'T': {
      const [from, to] = record.extra.split(' ').map(Number)
      if (to !== undefined && fs.existsSync(file) && fs.statSync(file).size === from) fs.truncateSync(file, to)
      break
    }
    default:
  }
}

function pathOf(remoteName: string, dataDirs: readonly string[]): string | null {
  const name = parseName(remoteName, dataDirs.length, MAX_STORED_NAME)
  return name === null ? null : truePath(dataDirs, name)
}
