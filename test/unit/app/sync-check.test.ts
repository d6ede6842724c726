import { describe, expect, it } from 'vitest'
import { createSyncCheck } from '../../../src/main/app/sync-check.ts'
import type { RemoteInfo } from '../../../src/main/cluster/types.ts'
import { AppError } from '../../../src/shared/errors.ts'
import type { ErrorCode } from '../../../src/shared/errors.ts'
import type { FileRow, FileState, StorageInfo } from '../../../src/shared/model.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

const endpoints = [
  { host: 'a', port: 1 },
  { host: 'b', port: 1 }
]

/** `answers`: what each server says about each file: its size, or an error. */
function setup(fileIds: string[], answers: Record<string, Record<string, number | ErrorCode>>, size = 10) {
  const states = new Map<string, FileState>(fileIds.map((fileId) => [fileId, 'syncing']))
  const asked: string[] = []
  const changed: string[] = []
  const copied: string[] = []
  const repaired: string[] = []
  /** When each server had copied last, and whether it is there. */
  const syncedAt: Record<string, number> = { a: 0, b: 0 }
  const away = new Set<string>()
  let readOnly = false
  const clock = createFakeClock()
  const check = createSyncCheck({
    clock,
    changed: (profileId) => changed.push(profileId),
    mayRepair: () => !readOnly,
    repaired: (profileId, { fileId }, error) => repaired.push(`${profileId} ${fileId} ${error?.code ?? 'done'}`),
    files: {
      page: (_profileId, _query, _sort, limit, cursor) => {
        const waiting = fileIds.filter((fileId) => states.get(fileId) === 'syncing')
        const rest = cursor ? waiting.filter((fileId) => fileId > cursor) : waiting
        const rows = rest
          .slice(0, limit)
          .map((fileId) => ({ fileId, group: 'group1', sizeBytes: size, createdAt: 1_000_000, metadata: null }) as FileRow)
        return { rows, cursor: rest.length > limit ? (rows.at(-1)?.fileId ?? null) : null }
      },
      setState: (_profileId, ids, state) => ids.forEach((fileId) => states.set(fileId, state))
    },
    client: () =>
      Promise.resolve({
        replicas: () => Promise.resolve(endpoints.filter(({ host }) => !away.has(host))),
        storages: () =>
          Promise.resolve(
            endpoints.map(({ host, port }) => {
              const status = away.has(host) ? 'offline' : 'active'
              return { host, port, status, lastSyncedAt: syncedAt[host]!, upSince: 0 } as StorageInfo
            })
          ),
        source: () => Promise.resolve(endpoints[0]!),
        modify: () => Promise.resolve({ crc32: 0 }),
        download: () => Promise.reject(new AppError('INTERNAL')),
        putCopy: (endpoint, fileId) => {
          copied.push(`${endpoint.host} ${fileId}`)
          delete answers[endpoint.host]![fileId]
          return Promise.resolve({ crc32: 0 })
        },
        getMetadata: () => Promise.resolve({}),
        setMetadata: () => Promise.resolve(),
        remove: () => Promise.resolve(),
        info: (fileId, request) => {
          const host = request?.endpoint?.host ?? ''
          asked.push(`${host} ${fileId}`)
          const answer = answers[host]?.[fileId] ?? size
          return typeof answer === 'number' ? Promise.resolve({ sizeBytes: answer } as RemoteInfo) : Promise.reject(new AppError(answer))
        }
      })
  })
  const setReadOnly = (): void => void (readOnly = true)
  return { check, clock, states, asked, changed, answers, copied, repaired, syncedAt, away, setReadOnly }
}

describe('the check of replication', () => {
  it('settles what every server has whole, and what none has', async () => {
    const { check, clock, states, changed } = setup(['1', '2', '3', '4', '5'], {
      a: { '4': 'NOT_FOUND' },
      b: { '2': 'NOT_FOUND', '3': 7, '4': 'NOT_FOUND', '5': 'TIMEOUT' }
    })
    check.poke('p')
    await clock.advance(600)
    expect(Object.fromEntries(states)).toEqual({ '1': 'present', '2': 'syncing', '3': 'syncing', '4': 'missing', '5': 'syncing' })
    expect(changed).toEqual(['p'])
  })

  it('asks again with growing pauses, and stops when nothing waits', async () => {
    const { check, clock, states, asked, answers } = setup(['1'], { b: { '1': 'NOT_FOUND' } })
    check.poke('p')
    await clock.advance(600_000)
    expect(asked.length / 2).toBeGreaterThan(8)
    expect(asked.length / 2).toBeLessThan(25)
    answers['b'] = {}
    await clock.advance(70_000)
    expect(states.get('1')).toBe('present')
    expect(clock.pending).toBe(0)
    const before = asked.length
    await clock.advance(600_000)
    expect(asked).toHaveLength(before)
  })

  it('gets past files that never settle', async () => {
    const fileIds = Array.from({ length: 450 }, (_, index) => String(index).padStart(3, '0'))
    const stuck = Object.fromEntries(fileIds.slice(0, 400).map((fileId) => [fileId, 'NOT_FOUND' as const]))
    const { check, clock, states } = setup(fileIds, { b: stuck })
    check.poke('p')
    await clock.advance(10_000)
    expect(fileIds.filter((fileId) => states.get(fileId) === 'present')).toHaveLength(50)
  })

  it('is not put off by uploads that end one after the other', async () => {
    const { check, clock, states } = setup(['1'], {})
    for (let i = 0; i < 10; i++) {
      check.poke('p')
      await clock.advance(100)
    }
    expect(states.get('1')).toBe('present')
  })

  it('asks nothing after it was closed', async () => {
    const { check, clock, asked } = setup(['1'], { b: { '1': 'NOT_FOUND' } })
    check.poke('p')
    await check.close()
    check.poke('p')
    await clock.advance(100_000)
    expect(asked).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('does not call a file replicated while a storage of its group is away', async () => {
    const { check, clock, states, away } = setup(['1'], {})
    away.add('b')
    check.poke('p')
    await clock.advance(200_000)
    expect(states.get('1')).toBe('syncing')
    away.clear()
    await clock.advance(70_000)
    expect(states.get('1')).toBe('present')
  })

  const LOST = 'group1/M00/01/51/fwAABmsDU9KAcJnZAAATiLOqQvI007.bin'

  it('copies to a replica what it has passed without getting it', async () => {
    const { check, clock, states, copied, repaired, syncedAt } = setup([LOST], { a: {}, b: { [LOST]: 'NOT_FOUND' } }, 5_000)
    syncedAt['b'] = 1_010_000
    check.poke('p')
    await clock.advance(1_000)
    expect(copied).toEqual([])
    await clock.advance(60_000)
    expect(copied).toEqual([`b ${LOST}`])
    expect(repaired).toEqual([`p ${LOST} done`])
    await clock.advance(70_000)
    expect(states.get(LOST)).toBe('present')
  })

  it('copies to a replica that stands still, not to one that is still on its way', async () => {
    const { check, clock, copied, syncedAt } = setup([LOST], { a: {}, b: { [LOST]: 'NOT_FOUND' } }, 5_000)
    check.poke('p')
    for (let at = 1; at < 30; at++) {
      syncedAt['b'] = at * 1_000
      await clock.advance(20_000)
    }
    expect(copied).toEqual([])
    await clock.advance(180_000)
    expect(copied).toEqual([`b ${LOST}`])
  })

  it('repairs nothing in a cluster that must not be written to', async () => {
    const { check, clock, copied, setReadOnly } = setup([LOST], { a: {}, b: { [LOST]: 'NOT_FOUND' } }, 5_000)
    setReadOnly()
    check.poke('p')
    await clock.advance(600_000)
    expect(copied).toEqual([])
  })
})
