import { expect, test } from 'vitest'
import { encodeFileName } from '../../../src/shared/file-id.ts'
import type { StorageNode } from '../../../src/main/embedded/storage-node.ts'
import { fetchCandidates, storeCandidates, storeGroup, updateServer } from '../../../src/main/embedded/tracker-choice.ts'
import type { TrackedGroup } from '../../../src/main/embedded/tracker-choice.ts'

const NOW = 1_795_400_000
const ENOENT = 2
const ENOSPC = 28

type Seen = Pick<StorageNode, 'sourceKey' | 'readable' | 'writable' | 'hasSpace' | 'syncedFrom'>

function storage(sourceKey: string, change: Partial<Seen> = {}): StorageNode {
  const seen: Seen = { sourceKey, readable: true, writable: true, hasSpace: true, syncedFrom: new Map<string, number>(), ...change }
  return seen as StorageNode
}

function group(...storages: StorageNode[]): TrackedGroup {
  return { name: 'group1', storages, nextStore: 0, nextFetch: 0, nextPath: 0 }
}

function name(ageSeconds: number, appender = false): string {
  return encodeFileName({
    storePathIndex: 0,
    directories: [0, 0],
    source: { type: 'ip', address: '127.0.1.1' },
    timestampSeconds: NOW - ageSeconds,
    sizeBytes: appender ? null : 1,
    crc32: 0,
    ext: '',
    random: 1,
    digits: '0000000'
  })
}

const keys = (storages: readonly StorageNode[] | number) => (typeof storages === 'number' ? storages : storages.map((s) => s.sourceKey))
const synced = (secondsAgo: number) => ({ syncedFrom: new Map([['127.0.1.1', NOW - secondsAgo]]) })

test.each([
  ['a fresh file: the source only', 10, {}, ['127.0.1.1']],
  ['the replica got a later record', 10, synced(9), ['127.0.1.1', '127.0.1.2']],
  ['the replica got a record of the same second', 10, synced(10), ['127.0.1.1']],
  ['the same after 300 seconds', 301, synced(301), ['127.0.1.1', '127.0.1.2']],
  ['one second behind, after 300 seconds', 301, synced(302), ['127.0.1.1', '127.0.1.2']],
  ['two seconds behind, after 300 seconds', 301, synced(303), ['127.0.1.1']],
  ['older than a day', 86_401, {}, ['127.0.1.1', '127.0.1.2']]
])('reads, %s', (_, age, replica, expected) => {
  const storages = group(storage('127.0.1.1'), storage('127.0.1.2', replica))
  expect(keys(fetchCandidates(storages, name(age), NOW))).toEqual(expected)
})

test('appenders and slaves are read at the source, however old', () => {
  const storages = group(storage('127.0.1.2', synced(0)), storage('127.0.1.1'))
  expect(keys(fetchCandidates(storages, name(90_000, true), NOW))).toEqual(['127.0.1.1'])
  expect(keys(fetchCandidates(storages, `${name(90_000)}_small.jpg`, NOW))).toEqual(['127.0.1.1'])
})

test('when nobody is sure to have the file, the write server is named', () => {
  const storages = group(storage('127.0.1.1', { readable: false, writable: false }), storage('127.0.1.2'))
  expect(keys(fetchCandidates(storages, name(10), NOW))).toEqual(['127.0.1.2'])
  expect(fetchCandidates(group(storage('127.0.1.1', { readable: false, writable: false })), name(10), NOW)).toEqual([])
})

test('names without facts count as old', () => {
  expect(keys(fetchCandidates(group(storage('a'), storage('b')), 'M00/00/00/abcdefghijkl', NOW))).toEqual(['a', 'b'])
})

test('changes go to the source while it is writable, else to another one, else nowhere', () => {
  const other = storage('127.0.1.2')
  expect(updateServer(group(other, storage('127.0.1.1')), name(10))?.sourceKey).toBe('127.0.1.1')
  expect(updateServer(group(other, storage('127.0.1.1', { writable: false })), name(10))?.sourceKey).toBe('127.0.1.2')
  expect(updateServer(group(storage('127.0.1.1', { writable: false })), name(10))).toBeNull()
})

test('an upload goes where there is room', () => {
  expect(keys(storeCandidates(group(storage('a', { hasSpace: false }), storage('b'))))).toEqual(['b'])
  expect(storeCandidates(group(storage('a', { hasSpace: false })))).toBe(ENOSPC)
  expect(storeCandidates(group(storage('a', { writable: false, hasSpace: false })))).toBe(ENOENT)
})

test('groups take turns, and those that cannot take an upload are passed over', () => {
  const a = { ...group(storage('a')), name: 'a' }
  const full = { ...group(storage('f', { hasSpace: false })), name: 'full' }
  const b = { ...group(storage('b')), name: 'b' }
  const chosen = [0, 1, 2, 3].map((turn) => {
    const found = storeGroup([a, full, b], turn)
    return typeof found === 'number' ? found : found.name
  })
  expect(chosen).toEqual(['a', 'b', 'b', 'a'])
  expect(storeGroup([full], 0)).toBe(ENOSPC)
  expect(storeGroup([full, group(storage('x', { writable: false }))], 0)).toBe(ENOSPC)
  expect(storeGroup([group(storage('x', { writable: false }))], 0)).toBe(ENOENT)
  expect(storeGroup([], 0)).toBe(ENOENT)
})
