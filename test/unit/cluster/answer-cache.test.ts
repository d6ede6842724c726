import { expect, test } from 'vitest'
import { FileAnswers, StoreAnswers } from '../../../src/main/cluster/answer-cache.ts'
import { encodeFileName, parseFileId } from '../../../src/shared/file-id.ts'

const SOURCE = { host: '10.0.0.1', port: 23000 }
const REPLICA = { host: '10.0.0.2', port: 23000 }

function file(timestampSeconds: number, options: { appender?: boolean; source?: string } = {}) {
  const name = encodeFileName({
    storePathIndex: 0,
    directories: [0, 0],
    source: { type: 'ip', address: options.source ?? SOURCE.host },
    timestampSeconds,
    sizeBytes: options.appender ? null : 10,
    crc32: 1,
    ext: 'txt',
    random: 1,
    digits: '1234567'
  })
  return parseFileId(`group1/${name}`)
}

test('the source serves every file of its own, until the answer is too old', () => {
  let now = 0
  const cache = new FileAnswers(1000, () => now, { sourceOnly: false })
  cache.add(file(100), SOURCE)
  expect(cache.get(file(50))).toEqual(SOURCE)
  expect(cache.get(file(900))).toEqual(SOURCE)
  expect(cache.get(file(50, { source: '10.0.0.9' }))).toBeNull()
  now = 1000
  expect(cache.get(file(50))).toBeNull()
})

test('a replica serves only what is not younger than the file it was named for', () => {
  const cache = new FileAnswers(1000, () => 0, { sourceOnly: false })
  cache.add(file(100), REPLICA)
  expect(cache.get(file(100))).toEqual(REPLICA)
  expect(cache.get(file(99))).toEqual(REPLICA)
  expect(cache.get(file(101))).toBeNull()
})

test('appenders are always asked for, and for changes only the source is remembered', () => {
  const cache = new FileAnswers(1000, () => 0, { sourceOnly: false })
  cache.add(file(100, { appender: true }), SOURCE)
  expect(cache.get(file(100))).toBeNull()
  cache.add(file(100), SOURCE)
  expect(cache.get(file(100, { appender: true }))).toBeNull()
  cache.drop(file(50))
  expect(cache.get(file(100))).toBeNull()

  const changes = new FileAnswers(1000, () => 0, { sourceOnly: true })
  changes.add(file(100), REPLICA)
  expect(changes.get(file(100))).toBeNull()
  changes.add(file(100), SOURCE)
  expect(changes.get(file(100))).toEqual(SOURCE)
})

test('store answers take turns once four are there, and start over after their time', () => {
  let now = 0
  const cache = new StoreAnswers<number>(1000, () => now)
  for (const answer of [1, 2, 1, 2]) {
    expect(cache.get('group1')).toBeNull()
    cache.add('group1', answer)
  }
  expect([1, 2, 3, 4].map(() => cache.get('group1'))).toEqual([1, 2, 1, 2])
  expect(cache.get('group2')).toBeNull()
  cache.add('group1', 3)
  expect(cache.get('group1')).toBe(1)
  now = 1000
  expect(cache.get('group1')).toBeNull()
})

test('a window of zero keeps nothing', () => {
  const stores = new StoreAnswers<number>(0, () => 0)
  for (let i = 0; i < 9; i++) stores.add('group1', i)
  expect(stores.get('group1')).toBeNull()
  const files = new FileAnswers(0, () => 0, { sourceOnly: false })
  files.add(file(100), SOURCE)
  expect(files.get(file(100))).toBeNull()
})
