import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { BinlogWriter, lastRecord, parseRecord, readBinlog } from '../../../src/main/embedded/binlog.ts'
import type { BinlogRecord } from '../../../src/main/embedded/binlog.ts'
import { tempDir } from '../../support/temp-dir.ts'

// Machines under load are slow, and nothing here depends on how fast it is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const START = { index: 0, offset: 0 }

function record(name: string, op = 'C', extra = ''): BinlogRecord {
  return { timestampSeconds: 1_795_361_442, op, name, extra }
}

function readAll(dir: string, maxBytes?: number): string[] {
  const names: string[] = []
  for (let at = START; ;) {
    const { records, next } = readBinlog(dir, at, maxBytes)
    names.push(...records.map((r) => r.record.name))
    if (next.index === at.index && next.offset === at.offset) return names
    at = next
  }
}

test('reads the records of real binlogs', () => {
  const { samples } = JSON.parse(readFileSync(new URL('../../fixtures/vectors/binlog.json', import.meta.url), 'utf8')) as {
    samples: { name: string; text: string; records: { timestamp: number; op: string; filename: string }[] }[]
  }
  for (const sample of samples.filter((s) => !['invalid-lines', 'link-record-v6.16.1', 'cut-last-line'].includes(s.name))) {
    const lines = sample.text.split('\n').filter(Boolean)
    expect(lines.map((line) => parseRecord(line))).toMatchObject(
      sample.records.map((r) => ({ timestampSeconds: r.timestamp, op: r.op, name: r.filename }))
    )
  }
})

test('writes lines as the real storage does', async () => {
  const dir = await tempDir()
  const writer = new BinlogWriter(dir)
  writer.append(record('M00/00/00/a'))
  writer.append(record('M00/00/00/a', 'A', '5 6'))
  writer.close()
  expect(readFileSync(join(dir, 'binlog.000'), 'latin1')).toBe('1795361442 C M00/00/00/a\n1795361442 A M00/00/00/a 5 6\n')
  expect(readFileSync(join(dir, 'binlog_index.dat'), 'latin1')).toContain('current_write=0\n')
})

test('goes on to the next file at the limit, and readers follow', async () => {
  const dir = await tempDir()
  const writer = new BinlogWriter(dir, 60)
  const names = Array.from({ length: 10 }, (_, i) => `M00/00/00/file${i}`)
  for (const name of names) writer.append(record(name))
  writer.close()
  expect(existsSync(join(dir, 'binlog.003'))).toBe(true)
  expect(readAll(dir)).toEqual(names)
  expect(new BinlogWriter(dir, 60).position.index).toBe(3)
})

test('reads in any piece size, and positions lead on', async () => {
  const dir = await tempDir()
  const writer = new BinlogWriter(dir)
  const names = Array.from({ length: 50 }, (_, i) => `M00/00/00/file${i}`)
  for (const name of names) writer.append(record(name))
  for (const bytes of [300, 301, 333, 4096]) expect(readAll(dir, bytes)).toEqual(names)
  const { records } = readBinlog(dir, START)
  expect(readBinlog(dir, records[19]!.end).records[0]!.record.name).toBe('M00/00/00/file20')
  writer.close()
})

test('an unfinished line is not read, and cut off when the log is opened again', async () => {
  const dir = await tempDir()
  const writer = new BinlogWriter(dir)
  writer.append(record('M00/00/00/whole'))
  writer.close()
  appendFileSync(join(dir, 'binlog.000'), '1795361442 C M00/00/0')
  expect(readAll(dir)).toEqual(['M00/00/00/whole'])
  const again = new BinlogWriter(dir)
  again.append(record('M00/00/00/next'))
  again.close()
  expect(readAll(dir)).toEqual(['M00/00/00/whole', 'M00/00/00/next'])
})

test('a log of nothing but an unfinished line becomes empty', async () => {
  const dir = await tempDir()
  writeFileSync(join(dir, 'binlog.000'), '17953614')
  const writer = new BinlogWriter(dir)
  expect(writer.position).toEqual(START)
  expect(lastRecord(dir, writer.position)).toBeNull()
  writer.close()
})

test.each(['', 'x', '123 C', '123 C ', 'abc C M00/00/00/a', '123 CC M00/00/00/a'])('%j is no record', (line) => {
  expect(parseRecord(line)).toBeNull()
})
