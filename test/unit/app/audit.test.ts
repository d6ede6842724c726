import { appendFile, chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAuditLog } from '../../../src/main/app/audit.ts'
import type { AuditEntry } from '../../../src/shared/model.ts'
import { startApp } from '../../support/running-app.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fdfs-audit-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const entry: AuditEntry = {
  action: 'delete',
  result: 'done',
  profileId: 'p',
  profile: 'P',
  fileId: 'group1/M00/x',
  name: 'x\n"y"',
  localPath: null,
  sizeBytes: 1,
  error: null
}
const reported: unknown[] = []
const open = (at: string, keepMonths = 12) =>
  openAuditLog({ folder: join(dir, 'audit'), now: () => Date.parse(at), keepMonths, report: (_about, error) => reported.push(error) })
const lines = async (name: string) =>
  (await readFile(join(dir, 'audit', name), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { at: string; name: string })

describe('the activity log', () => {
  it('has one line per file and one file per month, and is only added to', async () => {
    const log = open('2026-11-30T23:59:59Z')
    log.add([entry, { ...entry, name: 'second' }])
    log.close()
    const next = open('2026-12-01T00:00:00Z')
    next.add([entry])
    next.close()
    const again = open('2026-12-01T00:00:01Z')
    again.add([entry])
    again.close()
    expect((await lines('2026-11.jsonl')).map(({ name }) => name)).toEqual(['x\n"y"', 'second'])
    expect((await lines('2026-12.jsonl')).map(({ at }) => at)).toEqual(['2026-12-01T00:00:00.000Z', '2026-12-01T00:00:01.000Z'])
  })

  it('keeps what comes after a line that a crash cut short', async () => {
    await mkdir(join(dir, 'audit'))
    await writeFile(join(dir, 'audit', '2026-11.jsonl'), '{"at":"2026-')
    const log = open('2026-11-02T00:00:00Z')
    log.add([entry])
    log.close()
    const [torn, whole] = (await readFile(join(dir, 'audit', '2026-11.jsonl'), 'utf8')).split('\n')
    expect(torn).toBe('{"at":"2026-')
    expect(JSON.parse(whole ?? '')).toMatchObject({ name: entry.name })
  })

  it('forgets what is older than it is told to keep, and nothing that it did not write', async () => {
    await mkdir(join(dir, 'audit'))
    for (const name of ['2025-10.jsonl', '2025-11.jsonl', '2026-10.jsonl', 'notes.txt']) await appendFile(join(dir, 'audit', name), '{}\n')
    open('2026-11-01T00:00:00Z', 12).close()
    expect((await readdir(join(dir, 'audit'))).toSorted()).toEqual(['2025-11.jsonl', '2026-10.jsonl', 'notes.txt'])
  })

  it('is exported whole, oldest first, or says why it cannot be', async () => {
    for (const month of ['10', '11']) {
      const log = open(`2026-${month}-01T00:00:00Z`)
      log.add([{ ...entry, name: month }])
      log.close()
    }
    const log = open('2026-11-02T00:00:00Z')
    await log.exportTo(join(dir, 'out.jsonl'))
    const text = await readFile(join(dir, 'out.jsonl'), 'utf8')
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as AuditEntry).name)
    ).toEqual(['10', '11'])
    await expect(log.exportTo(join(dir, 'none', 'out.jsonl'))).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
    log.close()
  })

  it('that cannot be written stops nothing and is reported once', async () => {
    reported.length = 0
    const log = open('2026-11-02T00:00:00Z')
    await rm(join(dir, 'audit'), { recursive: true })
    await writeFile(join(dir, 'audit'), 'a file in the way')
    await chmod(join(dir, 'audit'), 0o600)
    log.add([entry])
    log.add([entry])
    expect(reported).toHaveLength(1)
    log.close()
  })

  it('tells what the application did: uploads, failures and deletions', async () => {
    const { app, call, idle } = await startApp(join(dir, 'data'))
    try {
      const path = join(dir, 'photo.txt')
      await writeFile(path, 'content')
      await call('transfers.upload', { paths: [path] })
      await idle()
      await call('files.add', { fileIds: ['group1/M00/00/00/fwAAA2sC_yqAdhusAAAABjY6MCA971.txt'] })
      const { rows } = await call('files.open', { query: {}, sort: { key: 'addedAt', descending: false } })
      await call('transfers.download', { selection: { ids: rows.map(({ id }) => id) }, target: join(dir, 'down') })
      await idle()
      await call('transfers.delete', { selection: { ids: [rows[0]?.id ?? 0] } })
      await idle()
      const saved = await call('audit.export', {})
      if (saved.tag !== 'saved') throw new Error(saved.tag)
      const told = (await readFile(saved.path, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as AuditEntry)
      const brief = told.map(({ action, result, profile, name, error }) => [action, result, profile, name, error ?? ''].join(' '))
      expect(brief.toSorted()).toEqual(
        [
          'upload done Built-in cluster photo.txt ',
          'download done Built-in cluster photo.txt ',
          'download failed Built-in cluster fwAAA2sC_yqAdhusAAAABjY6MCA971.txt NOT_FOUND',
          'delete done Built-in cluster photo.txt '
        ].toSorted()
      )
      expect(told[0]).toMatchObject({ fileId: rows[0]?.fileId, localPath: path, sizeBytes: 7 })
    } finally {
      await app.close()
    }
  })
})
