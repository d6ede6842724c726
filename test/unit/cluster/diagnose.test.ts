import { expect, test } from 'vitest'
import { diagnose } from '../../../src/main/cluster/diagnose.ts'
import { formatAddress, parseTrackerAddress } from '../../../src/shared/address.ts'
import { describeError } from '../../../src/shared/error-texts.ts'
import { listAllGroups, listStorages } from '../../../src/main/protocol/index.ts'
import { blackHole } from '../../support/black-hole.ts'
import { afterwards, connectTo, serve } from '../../support/client-kit.ts'
import { answer, cluster, tableServer } from '../../support/cluster-kit.ts'
import { lyingTracker } from '../../support/lying-tracker.ts'

async function deadAddress(): Promise<string> {
  const server = await serve(() => {})
  await server.close()
  return formatAddress(server)
}

const brief = (steps: { target: string; ok: boolean; error: { code: string } | null }[]) =>
  steps.map((step) => `${step.target} ${step.ok ? 'ok' : (step.error?.code ?? '?')}`)

test('a cluster that works is shown hop by hop', async () => {
  const { trackers } = await cluster({ groups: { group1: 2, group2: 1 } })
  const result = await diagnose({ trackers })
  expect(result).toMatchObject({ ok: true, groups: ['group1', 'group2'] })
  expect(brief(result.steps)).toEqual([
    'address ok',
    'tracker ok',
    'groups ok',
    'version ok',
    'clock ok',
    'storage ok',
    'storage ok',
    'storage ok'
  ])
  expect(result.steps.map(({ note }) => note)).toMatchObject([
    { code: 'literal' },
    { code: 'answered', leader: true },
    { code: 'groups', groups: ['group1', 'group2'] },
    { code: 'version', versions: ['6.16.1'], groupLayout: 113, storageLayout: 487 },
    { code: 'clock', differenceSeconds: 0 },
    { code: 'storage', group: 'group1', status: 'active', version: '6.16.1', told: null },
    { code: 'storage', group: 'group1' },
    { code: 'storage', group: 'group2' }
  ])
  expect(result.addressMap).toEqual({})
})

test('each thing that can be wrong with a tracker is named', async () => {
  const web = await serve(async (peer) => {
    await peer.take(1)
    peer.send('HTTP/1.1 400 Bad Request\r\n\r\n')
    peer.fin()
  })
  const full = await serve((peer) => peer.fin())
  const result = await diagnose({
    trackers: ['not an address', 'no-such-host.invalid', await deadAddress(), formatAddress(web), formatAddress(full)]
  })
  expect(result.ok).toBe(false)
  const failures = result.steps.filter((step) => !step.ok)
  expect(brief(failures).toSorted()).toEqual([
    'address ADDRESS_INVALID',
    'address HOST_NOT_FOUND',
    'tracker CONNECT_REFUSED',
    'tracker NOT_FASTDFS',
    'tracker SERVER_FULL'
  ])
})

test('one tracker of several is enough', async () => {
  const { trackers } = await cluster()
  const result = await diagnose({ trackers: [await deadAddress(), ...trackers] })
  expect(result).toMatchObject({ ok: true, groups: ['group1'] })
  expect(result.steps.filter((step) => !step.ok)).toHaveLength(1)
})

test('a storage that cannot be reached from here is shown with the address that was told', async () => {
  const { trackers, storage } = await cluster()
  const gone = await deadAddress()
  const [host = '', port = ''] = gone.split(':')
  const result = await diagnose({ trackers, mapAddress: () => ({ host, port: Number(port) }) })
  expect(result.ok).toBe(false)
  expect(result.steps.at(-1)).toMatchObject({
    target: 'storage',
    address: gone,
    ok: false,
    note: { code: 'storage', told: formatAddress(storage('group1/0')) },
    error: { code: 'STORAGE_UNREACHABLE', detail: { endpoint: gone, told: formatAddress(storage('group1/0')), reason: 'CONNECT_REFUSED' } }
  })
})

test('a storage that is down by its tracker’s own word does not spoil the result', async () => {
  const { trackers, faults } = await cluster({ groups: { group1: 2 } })
  await faults.kill('group1/1')
  const result = await diagnose({ trackers })
  expect(result.ok).toBe(true)
  expect(brief(result.steps)).toContain('storage STORAGE_UNREACHABLE')
  expect(result.steps.find((step) => step.error)?.note).toMatchObject({ status: 'offline' })
})

test('silent servers do not hold it up beyond its limit', async () => {
  const mute = await serve(() => {})
  const { trackers, faults } = await cluster()
  faults.freeze('group1/0')
  const result = await diagnose({ trackers: [formatAddress(mute), ...trackers], limitMs: 2000 })
  expect(result.ok).toBe(false)
  expect(
    brief(result.steps)
      .filter((line) => !line.endsWith('ok'))
      .toSorted()
  ).toEqual(['storage TIMEOUT', 'tracker TIMEOUT'])
})

test('nothing to test is a result as well', async () => {
  await expect(diagnose({ trackers: [] })).resolves.toMatchObject({ ok: false, steps: [{ target: 'address', ok: false }], groups: [] })
})

test('an abort ends it with a result', async () => {
  const { trackers } = await cluster()
  const result = await diagnose({ trackers, signal: AbortSignal.abort() })
  expect(result.ok).toBe(false)
  expect(brief(result.steps)).toContain('tracker ABORTED')
})

test('an old generation is recognised by its answers', async () => {
  const { trackers } = await cluster({ behaveLike: '6.06' })
  const { steps } = await diagnose({ trackers })
  expect(steps.find(({ target }) => target === 'version')?.note).toEqual({
    code: 'version',
    versions: ['6.06'],
    groupLayout: 105,
    storageLayout: 612
  })
})

test('a clock that goes wrong is noticed in both directions, and spoils no connection', async () => {
  for (const [skewSeconds, atLeast, atMost] of [
    [3600, 3590, 3600],
    [-3600, -3490, -3470]
  ] as const) {
    const { trackers } = await cluster({ nowMs: () => Date.now() + skewSeconds * 1000 })
    const { ok, steps } = await diagnose({ trackers })
    expect(ok).toBe(true)
    const note = steps.find(({ target }) => target === 'clock')?.note
    const difference = note?.code === 'clock' ? note.differenceSeconds : NaN
    expect(difference).toBeGreaterThanOrEqual(atLeast)
    expect(difference).toBeLessThanOrEqual(atMost)
  }
})

/** A cluster in containers: its tracker names addresses that only its own network knows. */
async function containers(groups: Record<string, number>) {
  const inside = await cluster({ addressing: 'id', groups })
  const door = await lyingTracker(parseTrackerAddress(inside.trackers[0] ?? ''))
  afterwards(() => door.close())
  return { tracker: formatAddress(door), ports: Object.values(inside.groups).flatMap((storages) => storages.map(({ port }) => port)) }
}

test('for a cluster in containers the way round by the tracker’s host is found, and works', async () => {
  const { tracker, ports } = await containers({ group1: 2, group2: 1 })
  const before = await diagnose({ trackers: [tracker] })
  expect(before.ok).toBe(false)
  expect(before.addressMap).toEqual(Object.fromEntries(ports.map((port) => [`127.9.9.9:${port}`, `127.0.0.1:${port}`])))
  const after = await diagnose({
    trackers: [tracker],
    mapAddress: (told) => parseTrackerAddress(before.addressMap[formatAddress(told)] ?? formatAddress(told))
  })
  expect(after).toMatchObject({ ok: true, addressMap: {} })
})

/** A tracker that tells whatever it is given; its storages are copies of a real record. */
async function scriptedTracker(storages: { ip: string; port: number }[]) {
  const { trackers } = await cluster()
  const connection = await connectTo(parseTrackerAddress(trackers[0] ?? ''))
  const groups = await connection.exchange(listAllGroups, undefined)
  const list = await connection.exchange(listStorages, { group: 'group1' })
  const [record] = list.storages
  if (!record) throw new Error('a storage is needed to copy')
  const told = storages.map((each, index) => ({ ...record, ...each, id: `id${index}` }))
  return tableServer({
    [listAllGroups.code]: answer(listAllGroups, groups),
    [listStorages.code]: answer(listStorages, { ...list, storages: told })
  })
}

test('a way round is not offered where it may lead to another storage', async () => {
  const alive = await tableServer({})
  // Two that tell the same port: at most one of them can be behind it, and nothing tells which.
  const twins = await scriptedTracker([
    { ip: '127.9.9.8', port: alive.port },
    { ip: '127.9.9.9', port: alive.port }
  ])
  expect((await diagnose({ trackers: [formatAddress(twins)] })).addressMap).toEqual({})
  // One that is reached at that very address already.
  const taken = await scriptedTracker([
    { ip: '127.0.0.1', port: alive.port },
    { ip: '127.9.9.9', port: alive.port }
  ])
  expect((await diagnose({ trackers: [formatAddress(taken)] })).addressMap).toEqual({})
})

test('a tracker that names whole networks of storages that are not there does not stretch it beyond its limit', async () => {
  const mute = await serve(() => {})
  const tracker = await scriptedTracker(Array.from({ length: 32 }, (_, index) => ({ ip: `127.0.0.${index + 1}`, port: mute.port })))
  const result = await diagnose({ trackers: [formatAddress(tracker)], limitMs: 1000 })
  expect(result.ok).toBe(false)
  expect(result.steps.filter(({ target, ok }) => target === 'storage' && !ok)).toHaveLength(32)
})

test('a storage out of reach is looked for at the other addresses that it is known to have, twins or not', async () => {
  const alive = await tableServer({})
  // Both tell the same port: by the tracker's host nothing could be offered.
  const tracker = await scriptedTracker([
    { ip: '127.9.9.8', port: alive.port },
    { ip: '127.9.9.9', port: alive.port }
  ])
  const { addressMap } = await diagnose({
    trackers: [formatAddress(tracker)],
    otherAddresses: ({ host, port }) => (host === '127.9.9.8' ? [{ host: '127.0.0.1', port }] : [])
  })
  expect(addressMap).toEqual({ [`127.9.9.8:${alive.port}`]: `127.0.0.1:${alive.port}` })
})

test('trackers and storages are reached by IPv6', async () => {
  const { trackers, groups } = await cluster({ groups: { group1: 1 } })
  const [storage] = groups['group1'] ?? []
  if (!storage) throw new Error('a storage is needed')
  const doors = await Promise.all(
    [parseTrackerAddress(trackers[0] ?? ''), storage].map((target) => lyingTracker(target, '127.0.0.1', '::1'))
  )
  for (const door of doors) afterwards(() => door.close())
  const [tracker, way] = doors.map(formatAddress)
  const result = await diagnose({ trackers: [tracker ?? ''], mapAddress: () => parseTrackerAddress(way ?? '') })
  expect(result).toMatchObject({ ok: true, groups: ['group1'] })
  expect(tracker).toMatch(/^\[::1\]:\d+$/)
  expect(result.steps.find(({ target }) => target === 'storage')).toMatchObject({ address: way, ok: true })
})

test('a cluster of which nothing answers is told within ten seconds', async () => {
  // Accepted by the system, answered by nobody: what a firewall that drops, or a host that hangs, looks like from here.
  const mute = await serve(() => {})
  const trackers = ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map((host) => formatAddress({ host, port: mute.port }))
  const unlimited = diagnose({ trackers: [...trackers, 'no-such-host.invalid'], limitMs: 60_000 })
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), 10_000).unref())
  const result = await Promise.race([unlimited, late])
  expect(result).toMatchObject({ ok: false, groups: [] })
}, 15_000)

test.runIf(process.platform === 'linux')(
  'packets that vanish on the way to trackers, storages and every way round are told hop by hop within ten seconds',
  async () => {
    const holes = await Promise.all(['127.0.0.1', '127.0.0.2'].map((host) => blackHole(host)))
    for (const hole of holes) afterwards(() => hole.close())
    const [first, second] = holes
    if (!first || !second) throw new Error('two are needed')
    // Nothing at all: no tracker can be reached.
    const nothing = diagnose({ trackers: [formatAddress(first), formatAddress(second)] })
    // Storages behind a firewall: the tracker answers, the storages do not, nor does what they are known by otherwise.
    const tracker = await scriptedTracker(
      [first, { host: second.host, port: first.port }, second].map(({ host, port }) => ({ ip: host, port }))
    )
    const storages = diagnose({ trackers: [formatAddress(tracker)], otherAddresses: () => [second] })
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), 10_000).unref())
    const [without, behind] = await Promise.race([Promise.all([nothing, storages]), late])
    expect(without).toMatchObject({ ok: false, groups: [] })
    expect(brief(without.steps).toSorted()).toEqual(['address ok', 'address ok', 'tracker CONNECT_TIMEOUT', 'tracker CONNECT_TIMEOUT'])
    expect(behind).toMatchObject({ ok: false, groups: ['group1'], addressMap: {} })
    const told = behind.steps.filter(({ target }) => target === 'storage')
    expect(told.map(({ error }) => String(error?.detail?.['reason'])).toSorted()).toEqual([
      'CONNECT_REFUSED',
      'CONNECT_TIMEOUT',
      'CONNECT_TIMEOUT'
    ])
    // Each hop says how long it took, and an error of it what to do.
    const hops = [...without.steps, ...behind.steps]
    expect(hops.filter(({ ms }) => ms > 10_000)).toEqual([])
    expect(hops.filter(({ error }) => error && describeError(error, 'zh-CN').next === '')).toEqual([])
  },
  30_000
)

test('what a storage does not say for long, and a tracker that is slow, are waited for within the limit', async () => {
  const { trackers } = await cluster()
  const target = parseTrackerAddress(trackers[0] ?? '')
  const slow = await serve(async (peer) => {
    await peer.take(10)
    await new Promise((resolve) => setTimeout(resolve, 300))
    peer.fin()
  })
  const result = await diagnose({ trackers: [formatAddress(slow), formatAddress(target)], limitMs: 3000 })
  expect(result.ok).toBe(true)
  expect(result.steps.find(({ address, target: step }) => step === 'tracker' && address === formatAddress(slow))).toMatchObject({
    ok: false
  })
})
