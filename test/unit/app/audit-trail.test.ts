import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAuditLog } from '../../../src/main/app/audit.ts'
import { linesBackwards } from '../../../src/main/app/lines-backwards.ts'
import type { AuditEntry } from '../../../src/shared/model.ts'
import { startApp } from '../../support/running-app.ts'
import { open as openFile } from 'node:fs/promises'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fdfs-trail-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const entry: AuditEntry = {
  action: 'upload',
  result: 'done',
  profileId: 'p',
  profile: 'P',
  fileId: 'group1/M00/x',
  name: 'x',
  localPath: null,
  sizeBytes: 1,
  error: null
}

describe('the activity log, looked at', () => {
  const at = { now: Date.parse('2026-10-31T00:00:00Z') }
  const open = () => openAuditLog({ folder: join(dir, 'audit'), now: () => at.now, keepMonths: 12, report: () => undefined })

  it('is shown newest first, page by page, over months', async () => {
    const log = open()
    for (let index = 0; index < 25; index += 1) {
      at.now = Date.parse('2026-10-31T00:00:00Z') + index * 7_200_000
      log.add([{ ...entry, name: `file ${index}` }])
    }
    const names: string[] = []
    let pages = 0
    for (let cursor: string | null = null; pages === 0 || cursor !== null; pages += 1) {
      const page = await log.list({}, 10, cursor)
      names.push(...page.entries.map(({ name }) => name))
      cursor = page.cursor
    }
    expect(names).toEqual(Array.from({ length: 25 }, (_, index) => `file ${24 - index}`))
    log.close()
  })

  it('is filtered by text, action, result and connection', async () => {
    const log = open()
    log.add([
      { ...entry, name: '报告.PDF' },
      { ...entry, action: 'delete', name: 'b' },
      { ...entry, result: 'failed', error: 'NO_SPACE', name: 'c' },
      { ...entry, profileId: 'q', name: 'd', localPath: '/tmp/report' }
    ])
    const names = async (filter: Parameters<typeof log.list>[0]) => (await log.list(filter, 10, null)).entries.map(({ name }) => name)
    expect(await names({ text: '报告.pdf' })).toEqual(['报告.PDF'])
    expect(await names({ text: 'REPORT' })).toEqual(['d'])
    expect(await names({ text: 'no_space' })).toEqual(['c'])
    expect(await names({ action: 'delete' })).toEqual(['b'])
    expect(await names({ result: 'failed' })).toEqual(['c'])
    expect(await names({ profileId: 'q' })).toEqual(['d'])
    log.close()
  })

  it('skips lines that are no entries, and takes no cursor that leads elsewhere', async () => {
    await mkdir(join(dir, 'audit'))
    const log = open()
    log.add([entry])
    for (const line of ['{"at":"2026-', 'null', '{}', '"x"']) await appendFile(join(dir, 'audit', '2026-10.jsonl'), `${line}\n`)
    for (const cursor of [null, '../../etc/passwd:5', 'x']) expect((await log.list({}, 10, cursor)).entries).toHaveLength(1)
    log.close()
  })
})

it('lines are read backwards whatever their length and characters', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.integer({ min: 60_000, max: 140_000 }).map((length) => '长'.repeat(length / 3))
        )
      ),
      async (texts) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' ').toWellFormed())
        const path = join(dir, 'lines')
        await writeFile(path, lines.map((line) => `${line}\n`).join(''))
        const file = await openFile(path)
        const read: string[] = []
        try {
          for await (const { text } of linesBackwards(file, (await file.stat()).size)) read.push(text)
        } finally {
          await file.close()
        }
        expect(read).toEqual(lines.filter((line) => line !== '').toReversed())
      }
    ),
    { numRuns: 60 }
  )
})

it('what changes the library alone, and what is cancelled as a whole, is in the activity log', async () => {
  const { app, call, idle } = await startApp(join(dir, 'data'))
  try {
    const paths = ['a.txt', 'b.txt', 'c.txt'].map((name) => join(dir, name))
    for (const path of paths) await writeFile(path, path)
    await call('transfers.upload', { paths })
    await idle()
    const { rows } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
    const [a, b, c] = rows
    if (!a || !b || !c) throw new Error('three files were uploaded')
    await call('files.rename', { id: a.id, name: 'new name.txt' })
    await call('files.move', { selection: { ids: [a.id, b.id] }, folder: 'x/y' })
    await call('trash.put', { selection: { ids: [b.id] } })
    await call('trash.restore', {})
    await call('files.forget', { selection: { ids: [c.id] } })
    await call('files.rename', { id: 999, name: 'nobody' }).catch(() => undefined)
    const { batchId } = await call('transfers.upload', { paths })
    await call('transfers.control', { action: 'cancel', batchId })
    const { entries } = await call('audit.list', {})
    const told = entries
      .filter(({ action }) => action !== 'upload')
      .map(({ action, name, fileId, detail }) => [action, name, fileId, detail])
    expect(told.filter(([action]) => action !== 'cancel')).toEqual([
      ['forget', 'c.txt', c.fileId, undefined],
      ['restore', 'b.txt', b.fileId, undefined],
      ['trash', 'b.txt', b.fileId, undefined],
      ['move', 'b.txt', b.fileId, 'x/y'],
      ['move', 'new name.txt', a.fileId, 'x/y'],
      ['rename', 'a.txt', a.fileId, 'new name.txt']
    ])
    expect(entries.find(({ action }) => action === 'cancel')).toMatchObject({ detail: 'upload', fileId: null, profile: 'Built-in cluster' })
  } finally {
    await app.close()
  }
})
