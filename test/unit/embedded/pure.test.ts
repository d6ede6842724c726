import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { slaveFileId } from '../../../src/shared/file-id.ts'
import { statusOf } from '../../../src/main/embedded/errno.ts'
import { applyMetadata } from '../../../src/main/embedded/metadata.ts'
import { parseName, readName, slaveName } from '../../../src/main/embedded/names.ts'

interface IdVector {
  fileId: string
  kind: string
  decoded: {
    sourceIpAddr: string | null
    sourceStorageId: number | null
    timestamp: number
    crc32Field: number
    logicFilenameLength: number
  }
  fdfsFileInfo: { fileType?: string; rc: number }
}

const { fileIds } = JSON.parse(readFileSync(new URL('../../fixtures/vectors/file-ids.json', import.meta.url), 'utf8')) as {
  fileIds: IdVector[]
}

test.each(fileIds.map((v) => [v.fileId, v] as const))('reads %s as the C tools do', (fileId, vector) => {
  const name = fileId.slice(fileId.indexOf('/') + 1)
  const facts = readName(parseName(name, 256)!.base, name.length)
  expect(facts).toMatchObject({
    timestampSeconds: vector.decoded.timestamp,
    crc32: vector.decoded.crc32Field,
    source: vector.decoded.sourceStorageId ?? vector.decoded.sourceIpAddr
  })
})

test.each([
  ['M00/00/00/abc', { pathIndex: 0, below: '00/00/abc', base: 'abc' }],
  ['00/00/abcdef', { pathIndex: 0, below: '00/00/abcdef', base: 'abcdef' }],
  ['M01/0A/FF/a.b', { pathIndex: 1, below: '0A/FF/a.b', base: 'a.b' }],
  ['M02/00/00/abc', null],
  ['M00/0a/00/abc', null],
  ['M00/00/abcdef', null],
  ['M00/00/00/a/b', null],
  ['M00/00/00/a\0b', null],
  ['M00/00/00/a\\b', null],
  ['M00/00/00/', null],
  [`M00/00/00/${'a'.repeat(118)}`, null]
])('takes %j apart', (name, expected) => {
  expect(parseName(name, 2)).toEqual(expected)
})

test.each([
  ['_s', 'jpg'],
  ['_s', ''],
  ['_s', '.gif'],
  ['-x', 'tar.gz']
])('names a slave with %j and %j as the client does', (prefix, ext) => {
  for (const master of [
    'M00/00/00/fwABAWsDMZaAd-yrAAAAFCxm7xU371.txt',
    'M00/00/00/fwABAWsDMZaAd-yrAAAAFCxm7xU3712345',
    'M00/00/00/fwABAWsDMZaAd-yrAAAAFCxm7xU.tar.gz'
  ]) {
    expect(`g/${slaveName(master, prefix, ext)}`).toBe(slaveFileId(`g/${master}`, prefix, ext))
  }
})

test('refuses a slave name above 127 bytes', () => {
  expect(slaveName(`M00/00/00/${'a'.repeat(110)}`, 'p'.repeat(16), 'txt')).toBeNull()
})

test.each([
  ['sorts in byte order', null, 'b\x022\x01B\x021\x01a\x020', 'O', 'B\x021\x01a\x020\x01b\x022'],
  ['merges', 'a\x021\x01b\x022', 'b\x02two\x01c\x023', 'M', 'a\x021\x01b\x02two\x01c\x023'],
  ['overwrites', 'a\x021', 'z\x029', 'O', 'z\x029'],
  ['merges into nothing', null, 'a\x021', 'M', 'a\x021'],
  ['keeps a text without a separator as it is', null, 'nothing', 'O', 'nothing'],
  ['keeps 0x02 in a value', null, 'a\x02b\x02c', 'O', 'a\x02b\x02c'],
  ['passes over empty records', null, '\x01a\x021\x01', 'O', 'a\x021'],
  ['keeps duplicates of an overwrite', null, 'a\x021\x01a\x022', 'O', 'a\x021\x01a\x022'],
  ['refuses a name of 65 bytes', null, `${'n'.repeat(65)}\x02v`, 'O', null],
  ['refuses a value of 257 bytes', null, `n\x02${'v'.repeat(257)}`, 'O', null],
  ['refuses a NUL', null, 'n\x02a\0b', 'O', null]
] as const)('metadata: %s', (_, stored, sent, flag, expected) => {
  expect(applyMetadata(stored, sent, flag)).toBe(expected)
})

test('errors of the file system become Linux numbers, whatever the system', () => {
  expect(statusOf(Object.assign(new Error(), { code: 'ENOENT', errno: -4058 }))).toBe(2)
  expect(statusOf(Object.assign(new Error(), { code: 'ENOSPC' }))).toBe(28)
  expect(statusOf(new Error('what?'))).toBe(5)
})
