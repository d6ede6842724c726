import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseBinlogLine, replayBinlogs, type Replayed } from '../../../src/main/library/import/replay.ts'
import { NameTable } from '../../../src/main/library/import/name-table.ts'
import type { BinlogReport } from '../../../src/shared/import.ts'
import { fileId } from './kit.ts'

interface Sample {
  name: string
  text: string
  records: (object | null)[]
  incompleteTail: string
  filesAfterReplay: string[]
  metadataFilesAfterReplay: string[]
}
const fixture = JSON.parse(readFileSync(new URL('../../fixtures/vectors/binlog.json', import.meta.url), 'utf8')) as {
  samples: Sample[]
  gzip: { name: string; ofSample: string; hex: string }
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function replay(paths: string[] = [folder], signal = new AbortController().signal): Promise<Replayed & { report: BinlogReport }> {
  const all: Replayed = { present: [], described: [], gone: [] }
  const report = await replayBinlogs({
    paths,
    group: 'group1',
    signal,
    progress: () => {},
    async tell(found) {
      all.present.push(...found.present)
      all.described.push(...found.described)
      all.gone.push(...found.gone)
    }
  })
  return { ...all, report }
}
const write = (name: string, text: string | Buffer): Promise<void> => writeFile(join(folder, name), text)
const bare = (ids: string[]): string[] => ids.map((id) => id.slice('group1/'.length)).sort()
const name = (n: number): string => fileId(n).slice('group1/'.length)

describe('logs of real servers', () => {
  test.each(fixture.samples.map((sample) => [sample.name, sample] as const))(
    '%s leaves the files that were on its disk',
    async (_, sample) => {
      await write('binlog.000', sample.text)
      const { present, report } = await replay()
      expect(bare(present)).toEqual(sample.filesAfterReplay.toSorted())
      expect(report.files).toBe(sample.filesAfterReplay.length)
      expect(report.metadata).toBe(sample.metadataFilesAfterReplay.length)
      expect(report.lines).toBe(sample.records.length)
      const skipped = Object.values(report.skipped).reduce((sum, count) => sum + count, 0)
      expect(skipped).toBe(sample.records.filter((record) => record === null).length)
      expect(report.unfinished).toEqual(sample.incompleteTail === '' ? [] : ['binlog.000'])
    }
  )

  test('a compressed log gives the same', async () => {
    const sample = fixture.samples.find((each) => each.name === fixture.gzip.ofSample)!
    await write('binlog.000.gz', Buffer.from(fixture.gzip.hex, 'hex'))
    expect(bare((await replay()).present)).toEqual(sample.filesAfterReplay.toSorted())
  })

  test('of a log that is there compressed and not, one is read: the one that is not', async () => {
    await write('binlog.000.gz', Buffer.from('this archive is still being written'))
    await write('binlog.000', fixture.samples[0]!.text)
    await write('.binlog.000.flag', '')
    await write('binlog_index.dat', 'current_write=0\ncurrent_compress=0\n')
    const { report } = await replay()
    expect(report.logs.map((log) => log.name)).toEqual(['binlog.000'])
    expect(report.files).toBe(fixture.samples[0]!.filesAfterReplay.length)
  })
})

describe('replay', () => {
  test('reads the logs of a folder in the order of their numbers', async () => {
    await write('binlog.010', `10 D ${name(1)}\n`)
    await write('binlog.009', `9 C ${name(1)}\n9 C ${name(2)}\n`)
    expect((await replay()).present).toEqual([fileId(2)])
    expect((await replay([join(folder, 'binlog.010'), join(folder, 'binlog.009')])).present).toEqual([fileId(2)])
  })

  test('a renamed file has its new name, and metadata of the old one is none of the new', async () => {
    await write('binlog.000', `1 C ${name(1)}\n2 C ${name(1)}-m\n3 R ${name(2)} ${name(1)}\n`)
    const { present, described, gone, report } = await replay()
    expect({ present, described, gone, metadata: report.metadata }).toEqual({
      present: [fileId(2)],
      described: [],
      gone: [fileId(1)],
      metadata: 1
    })
  })

  test('a file whose extension ends in -m is a file, unless the rest of its name is one', async () => {
    const odd = fileId(3, { ext: 'a-m' }).slice('group1/'.length)
    await write('binlog.000', `1 C ${odd}\n`)
    expect((await replay()).present).toEqual([`group1/${odd}`])
    await write('binlog.000', `1 C ${odd.slice(0, -2)}\n1 C ${odd}\n`)
    expect((await replay()).described).toEqual([`group1/${odd.slice(0, -2)}`])
  })

  test('metadata of a file that had its name changed before it came to this storage is no file', async () => {
    // As the log of a replica has it: the appender itself was never copied under its first name.
    const [old, now] = [fileId(3, { ext: 'log', sizeBytes: null }).slice('group1/'.length), name(4)]
    await write('binlog.000', `1 c ${now}\n1 c ${old}-m\n1 c ${now}-m\n`)
    const { present, described, report } = await replay()
    expect(present).toEqual([`group1/${now}`])
    expect(described).toEqual([`group1/${now}`])
    expect(report.skipped.noFile).toBe(1)
    await write('binlog.000', `1 c ${now}\n1 d ${old}-m\n`)
    expect((await replay()).gone).toEqual([])
  })

  test('a place that lost its content, as after a power cut, costs one line', async () => {
    for (const bytes of [100, 5_000, 3_000_000]) {
      await write(
        'binlog.000',
        Buffer.concat([
          Buffer.from(`1 C ${name(1)}\n2 C ${name(2)}\n`),
          Buffer.alloc(bytes),
          Buffer.from(`3 C ${name(3)}\n4 C ${name(4)}\n`)
        ])
      )
      const { present, report } = await replay()
      expect(present).toEqual([fileId(1), fileId(2), fileId(4)])
      expect(report.skipped.malformed).toBe(1)
      expect(report.lines).toBe(4)
    }
    // At its end: what was not written out.
    await write('binlog.000', Buffer.concat([Buffer.from(`1 C ${name(1)}\n`), Buffer.alloc(2_000_000)]))
    const { present, report } = await replay()
    expect([present, report.unfinished]).toEqual([[fileId(1)], ['binlog.000']])
  })

  test('a cut archive counts up to the cut and is named', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `${i} C ${name(i + 1)}\n`).join('')
    const whole = gzipSync(lines)
    await write('binlog.000.gz', whole.subarray(0, whole.length / 2))
    const { present, report } = await replay()
    expect(report.damaged).toEqual(['binlog.000.gz'])
    expect(present.length).toBeGreaterThan(100)
    expect(present.length).toBeLessThan(5000)
  })

  test('what is no log is refused before anything is told', async () => {
    for (const bytes of [
      Buffer.alloc(100_000, 0xff),
      Buffer.concat([Buffer.alloc(9_000, 0xfe), Buffer.from('\n'), Buffer.alloc(10)]),
      Buffer.alloc(20_000_000)
    ]) {
      await write('photo.jpg', bytes)
      await expect(replay([join(folder, 'photo.jpg')])).rejects.toMatchObject({ code: 'BINLOG_UNREADABLE' })
    }
    await expect(replay()).rejects.toMatchObject({ code: 'BINLOG_NONE' })
    await expect(replay([join(folder, 'away')])).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
  })

  test('logs of two folders are not one log', async () => {
    await mkdir(join(folder, 'a'))
    await mkdir(join(folder, 'b'))
    for (const each of ['a', 'b']) await write(`${each}/binlog.000`, `1 C ${name(1)}\n`)
    await expect(replay([join(folder, 'a'), join(folder, 'b')])).rejects.toMatchObject({ code: 'BINLOG_MIXED' })
  })

  test('ends when it is cancelled', async () => {
    await write('binlog.000', `1 C ${name(1)}\n`)
    await expect(replay([folder], AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('garbage between the lines changes nothing but the counts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ op: fc.constantFrom('C', 'c', 'D', 'd', 'L'), n: fc.integer({ min: 1, max: 6 }) }).map(({ op, n }) => ({ op, n })),
            fc.record({ op: fc.constantFrom('R', 'r'), n: fc.integer({ min: 1, max: 6 }), old: fc.integer({ min: 1, max: 6 }) }),
            fc.string({ maxLength: 40 }).map((text) => ({ garbage: text.replaceAll(/[\n\r]/g, '?') }))
          ),
          { maxLength: 40 }
        ),
        async (steps) => {
          const alive = new Set<number>()
          const lines = steps.map((step) => {
            if ('garbage' in step) return `x${step.garbage}`
            if ('old' in step) alive.delete(step.old)
            if (step.op.toUpperCase() === 'D') alive.delete(step.n)
            else alive.add(step.n)
            return `1 ${step.op} ${name(step.n)}${'old' in step ? ` ${name(step.old)}` : ''}`
          })
          await write('binlog.000', lines.map((line) => `${line}\n`).join(''))
          const { present, report } = await replay()
          expect(present.toSorted()).toEqual([...alive].map((n) => fileId(n)).sort())
          expect(report.skipped.malformed).toBe(steps.filter((step) => 'garbage' in step).length)
        }
      ),
      { numRuns: 60 }
    )
  })
})

test.each([
  ['', 'malformed'],
  ['abc', 'malformed'],
  ['1 C', 'malformed'],
  ['1 R M00/00/00/x', 'malformed'],
  ['1 Z M00/00/00/x', 'unknownOp'],
  ['1 L  M00/00/00/x', 'nameless'],
  ['-1 C M00/00/00/x', 'malformed']
])('the line "%s" says nothing: %s', (line, reason) => {
  expect(parseBinlogLine(line)).toBe(reason)
})

test('a table of names is a map from names to flags', () => {
  const table = new NameTable()
  const map = new Map<string, number>()
  for (let i = 0; i < 200_000; i++) {
    const key = `M00/00/00/${(i * 7919) % 150_000}`
    const flags = 1 + (i % 7)
    table.set(key, flags)
    map.set(key, flags)
  }
  for (const [key, flags] of map) if (table.get(key) !== flags) throw new Error(key)
  expect(table.get('M00/00/00/never')).toBe(0)
})
