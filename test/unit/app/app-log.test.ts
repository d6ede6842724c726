import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAppLog } from '../../../src/main/app/app-log.ts'
import { createRedactor } from '../../../src/main/app/redact.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { startApp } from '../../support/running-app.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fdfs-log-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const plain = createRedactor(() => [])
const open = (maxBytes?: number) =>
  openAppLog({ folder: join(dir, 'logs'), now: () => Date.parse('2026-11-22T10:00:00Z'), redact: plain, maxBytes })

describe('the log of the program', () => {
  it('has one JSON object per line, and tells its newest lines in order', async () => {
    const log = open()
    log.write('info', 'start', { version: '1' })
    log.write('error', 'error', {
      about: '写入\n',
      error: new AppError('LOCAL_DISK_FULL', { cause: new Error('ENOSPC'), detail: { path: '/x' } })
    })
    log.write('info', 'stop')
    const lines = await log.tail(2)
    expect(lines).toMatchObject([
      {
        at: '2026-11-22T10:00:00.000Z',
        level: 'error',
        event: 'error',
        fields: { about: '写入\n', error: { code: 'LOCAL_DISK_FULL', detail: { path: '/x' }, cause: { message: 'ENOSPC' } } }
      },
      { event: 'stop', fields: {} }
    ])
    expect(lines[0]?.fields).toHaveProperty('error.stack')
  })

  it('is put aside when it is full, and the oldest goes', async () => {
    const log = open(1_000)
    for (let index = 0; index < 200; index += 1) log.write('info', 'event', { index, text: 'x'.repeat(50) })
    expect((await readdir(join(dir, 'logs'))).toSorted()).toEqual(['app.1.jsonl', 'app.2.jsonl', 'app.3.jsonl', 'app.4.jsonl', 'app.jsonl'])
    const numbers = (await log.tail(1_000)).map(({ fields }) => (fields as { index: number }).index)
    expect(numbers.at(-1)).toBe(199)
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 200 - numbers.length + index))
  })

  it('survives a line that a crash cut short, and a folder that is in the way', async () => {
    const log = open()
    log.write('info', 'first')
    await appendFile(join(dir, 'logs', 'app.jsonl'), '{"at":"2026-\n')
    log.write('info', 'second')
    expect((await log.tail(10)).map(({ event }) => event)).toEqual(['first', 'second'])
    await rm(join(dir, 'logs'), { recursive: true })
    await writeFile(join(dir, 'logs'), '')
    log.write('info', 'lost')
    expect(await log.tail(10)).toEqual([])
    await rm(join(dir, 'logs'))
    log.write('info', 'third')
    expect((await log.tail(10)).map(({ event }) => event)).toEqual(['third'])
  })
})

describe('what is secret', () => {
  it('is known by the name of a field and by the look of a text', () => {
    expect(
      plain({
        tokenSecret: 'a',
        Authorization: 'Basic x',
        nested: [{ password: 1 }],
        url: 'http://user:pass@files/x?token=d02e523d00c78bd6ad18f0e881bdc5e1&ts=1795358506&filename=a',
        conf: 'http.anti_steal.secret_key = FastDFS1234567890\ntimeout = 5',
        header: 'Cookie: session=abc; other=1',
        left: 'as it is'
      })
    ).toEqual({
      tokenSecret: '***',
      Authorization: '***',
      nested: [{ password: '***' }],
      url: 'http://***@files/x?token=***&ts=1795358506&filename=a',
      conf: 'http.anti_steal.secret_key = ***\ntimeout = 5',
      header: 'Cookie: ***; other=1',
      left: 'as it is'
    })
  })

  it('never survives, wherever and in whatever form it stands', () => {
    // Words of JSON itself are no secrets that could be kept.
    const secret = fc
      .string({ minLength: 4, maxLength: 40, unit: 'binary' })
      .filter((text) => !'[true,false,null]{"":}...***…'.includes(text))
    const around = fc.string({ maxLength: 20, unit: 'binary' })
    const form = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => encodeURIComponent(text.toWellFormed()),
      (text) => JSON.stringify(text),
      (text) => Buffer.from(text).toString('base64'),
      (text) => text + text,
      (text) => `${'x'.repeat(3_990)}${text}`
    )
    fc.assert(
      fc.property(secret, secret, around, around, form, (first, second, before, after, write) => {
        const redact = createRedactor(() => [first, second])
        const text = before + write(first) + after
        const cause = new Error(text)
        cause.stack = `Error: ${text}\n    at ${text} (file.ts:1)`
        const logged = [
          text,
          { [text]: 'key' },
          [[{ deep: { deeper: text } }]],
          new AppError('INTERNAL', { cause, message: text, detail: { text } })
        ].map(redact)
        const strings: string[] = []
        const collect = (value: unknown): void => {
          if (typeof value === 'string') strings.push(value)
          else if (typeof value === 'object' && value !== null)
            for (const [key, each] of Object.entries(value)) [key, each].forEach(collect)
        }
        logged.forEach(collect)
        const told = strings.filter((each) => !KEYS.has(each) && !/^at .*app-log\.test/.test(each))
        for (const each of told)
          expect([each, each.includes(first), each.includes(write(first)) && write(first).length > 3]).toEqual([each, false, false])
      }),
      { numRuns: 250 }
    )
  })
})

/** Names that errors bring along. */
const KEYS = new Set([
  '0',
  '1',
  '2',
  '3',
  'name',
  'code',
  'message',
  'detail',
  'stack',
  'cause',
  'text',
  'deep',
  'deeper',
  'key',
  'Error',
  'AppError',
  'INTERNAL',
  'undefined'
])

describe('the diagnostic file', () => {
  it('tells state and faults, but no name, no address and no secret', async () => {
    const home = join(dir, 'home-of-alice')
    const reported: unknown[] = []
    const { app, call, idle } = await startApp(join(home, 'data'), { report: (_about, error) => reported.push(error) })
    try {
      const path = join(home, 'quarterly-figures.txt')
      await writeFile(path, 'content')
      await call('transfers.upload', { paths: [path, join(home, 'not-there.txt')] }).catch(() => undefined)
      await idle()
      const profiles = await call('profiles.save', {
        name: 'Client Umbrella',
        trackers: ['10.77.88.99:22122'],
        httpBase: { '': 'http://umbrella.example' }
      })
      const id = profiles.at(-1)?.id ?? ''
      await call('profiles.setToken', { id, secret: 'FastDFS1234567890' })
      await call('profiles.activate', { id })
      await call('files.add', { fileIds: ['group1/M00/00/00/fwAAA2sC_yqAdhusAAAABjY6MCA971.txt'] })
      await call('profiles.import', { text: '{"secret":"FastDFS1234567890"}' }).catch(() => undefined)
      await call('files.rename', { id: 999_999, name: 'x' }).catch(() => undefined)
      await call('host.reveal', { path }).catch(() => undefined)
      const saved = await call('log.diagnostics', {})
      const text = saved.tag === 'text' ? saved.text : ''
      const { connections, log } = JSON.parse(text) as { connections: unknown[]; log: { event: string }[] }
      expect(connections).toHaveLength(2)
      expect(log.map(({ event }) => event)).toEqual(expect.arrayContaining(['start', 'call.failed']))
      expect(text).not.toMatch(/alice|quarterly|not-there|Umbrella|10\.77|FastDFS1234567890|fwAAA2sC/i)
      expect(await readFile(join(home, 'data', 'logs', 'app.jsonl'), 'utf8')).not.toContain('FastDFS1234567890')
    } finally {
      await app.close()
    }
  })
})
