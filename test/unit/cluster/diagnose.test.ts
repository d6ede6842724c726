import { expect, test } from 'vitest'
import { diagnose } from '../../../src/main/cluster/diagnose.ts'
import { formatAddress } from '../../../src/shared/address.ts'
import { serve } from '../../support/client-kit.ts'
import { cluster } from '../../support/cluster-kit.ts'

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
  expect(brief(result.steps)).toEqual(['address ok', 'tracker ok', 'groups ok', 'storage ok', 'storage ok', 'storage ok'])
  expect(result.steps[1]?.note).toContain('leader')
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
    note: expect.stringContaining(formatAddress(storage('group1/0'))),
    error: { code: 'STORAGE_UNREACHABLE', detail: { endpoint: gone, told: formatAddress(storage('group1/0')), reason: 'CONNECT_REFUSED' } }
  })
})

test('a storage that is down by its tracker’s own word does not spoil the result', async () => {
  const { trackers, faults } = await cluster({ groups: { group1: 2 } })
  await faults.kill('group1/1')
  const result = await diagnose({ trackers })
  expect(result.ok).toBe(true)
  expect(brief(result.steps)).toContain('storage STORAGE_UNREACHABLE')
  expect(result.steps.find((step) => step.error)?.note).toContain('offline')
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
