import { expect, test, vi } from 'vitest'
import { cluster } from '../../support/cluster-kit.ts'
import { fdfs } from '../../support/fdfs.ts'

vi.setConfig({ testTimeout: 120_000 })

test('a good connection: every hop, a verdict, status 0', async () => {
  const { trackers, storage } = await cluster({ groups: { group1: 1, group2: 1 } })
  const run = await fdfs(['doctor', '-t', trackers[0]!])
  expect(run).toMatchObject({ status: 0, stderr: '' })
  for (const target of ['address', 'tracker', 'groups', 'storage']) expect(run.stdout).toMatch(new RegExp(`^ok    ${target} `, 'm'))
  expect(run.stdout).toContain(`${storage('group2/0').host}:${storage('group2/0').port}`)
  expect(run.stdout.trim().split('\n').at(-1)).toBe('All is well: 2 groups (group1, group2).')
})

test('a storage that cannot be reached is named with what to do, and the status is 1', async () => {
  const { trackers, storage, faults } = await cluster({ groups: { group1: 2 } })
  await faults.refuse('group1/1')
  const { host, port } = storage('group1/1')
  const run = await fdfs(['doctor', '-t', trackers[0]!])
  expect(run.status).toBe(1)
  expect(run.stdout).toMatch(new RegExp(`^FAIL  storage  ${host}:${port} .*\\n      \\S`, 'm'))
  expect(run.stdout).toContain('not all of it can be reached')
  const json = await fdfs(['doctor', '-t', trackers[0]!, '--json'])
  expect(json.status).toBe(1)
  const failed = json.objects().filter((step) => step['target'] === 'storage' && !step['ok'])
  expect(failed).toMatchObject([{ address: `${host}:${port}`, error: { code: 'STORAGE_UNREACHABLE', advice: expect.any(String) } }])
  expect(json.objects().at(-1)).toEqual({ ok: false, target: 'verdict', groups: ['group1'], addressMap: {} })
})

test('a wrong address and a tracker that is not there are results, not errors of the program', async () => {
  const run = await fdfs(['doctor', '-t', '127.0.0.1:1,not an address'])
  expect(run).toMatchObject({ status: 1, stderr: '' })
  expect(run.stdout).toMatch(/^FAIL {2}address {2}not an address/m)
  expect(run.stdout).toMatch(/^FAIL {2}tracker {2}127\.0\.0\.1:1/m)
  expect(run.stdout).toContain('There is no working connection.')
})
