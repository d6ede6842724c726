import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFileJournal } from '../../../src/main/library/file-journal.ts'
import type { NewBatch, NewTransfer } from '../../../src/main/library/types.ts'
import { tempDir } from '../../support/temp-dir.ts'

const BATCH: NewBatch = { profileId: 'p', kind: 'upload', title: '海报', createdAt: 1, target: null, options: { a: 1 }, scanning: true }
const item = (name: string): NewTransfer => ({ name, folder: '', localPath: `/x/${name}`, fileId: null, sizeBytes: 10 })

async function written(): Promise<string> {
  const path = join(await tempDir(), 'run.jsonl')
  const journal = openFileJournal(path)
  const { id } = journal.addBatch(BATCH)
  journal.addTransfers(id, [item('a'), item('b'), item('c')])
  journal.patchBatch(id, { scanning: false })
  journal.patch([{ id: 1, tag: 'done', fileId: 'group1/M00/00/00/x', doneBytes: 10, state: { stored: true } }], true)
  journal.patch([{ id: 2, tag: 'running', doneBytes: 4 }], false)
  await journal.sync()
  journal.close()
  return path
}

describe('a journal in a file', () => {
  it('is the same when it is opened again', async () => {
    const path = await written()
    const again = openFileJournal(path)
    expect(again.batches({ finished: false })).toMatchObject([{ id: 1, title: '海报', scanning: false, options: { a: 1 } }])
    expect(again.page(1, {}, -1, 10)).toMatchObject([
      { id: 1, tag: 'done', fileId: 'group1/M00/00/00/x', state: { stored: true } },
      { id: 2, tag: 'running', doneBytes: 4 },
      { id: 3, tag: 'queued' }
    ])
    expect(again.resetRunning()).toBe(1)
    expect(again.addTransfers(1, [item('d')])).toBe(1)
    again.close()
    const third = openFileJournal(path)
    expect(third.totals(1)).toMatchObject({ totalFiles: 4, counts: { done: 1, queued: 3 } })
    third.remove()
    expect(existsSync(path)).toBe(false)
  })

  it('drops a line that a crash cut short, and goes on behind the last whole one', async () => {
    const path = await written()
    const whole = readFileSync(path, 'utf8')
    appendFileSync(path, '["patch",[[{"id":3,"tag":"do')
    const again = openFileJournal(path)
    expect(again.transfer(3)).toMatchObject({ tag: 'queued' })
    again.patch([{ id: 3, tag: 'failed' }], true)
    again.close()
    expect(readFileSync(path, 'utf8').startsWith(whole)).toBe(true)
    const third = openFileJournal(path)
    expect(third.transfer(3)).toMatchObject({ tag: 'failed' })
    third.close()
  })

  it('takes nothing from behind a damaged line, nor from a file of something else', async () => {
    const path = await written()
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, [lines[0], lines[1], '["exit",[]]', ...lines.slice(2)].join('\n'))
    const again = openFileJournal(path)
    expect(again.totals(1).totalFiles).toBe(0)
    again.close()
    writeFileSync(path, 'hello\n')
    const other = openFileJournal(path)
    expect(other.batches()).toEqual([])
    other.close()
  })
})
