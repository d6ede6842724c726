import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAddressBook } from '../../../src/main/app/address-book.ts'
import { BUILT_IN_ID, openProfiles } from '../../../src/main/app/profiles.ts'
import type { ProfileChange } from '../../../src/main/app/profiles.ts'
import { ProfileInputSchema } from '../../../src/shared/contract.ts'
import type { ProfileInput } from '../../../src/shared/contract.ts'
import { parseStorageIds } from '../../../src/shared/storage-ids.ts'
import { tempDir } from '../../support/temp-dir.ts'

const input = (value: Partial<ProfileInput>) => ProfileInputSchema.parse({ name: 'Studio', trackers: ['10.0.0.1:22122'], ...value })

async function open(path: string) {
  const corrupt: string[] = []
  const store = await openProfiles(
    path,
    () => 99,
    (file) => corrupt.push(file.setAside)
  )
  const changes: ProfileChange[] = []
  store.onChange((change) => changes.push(change))
  return { store, corrupt, changes }
}

describe('profiles', () => {
  it('hold the built-in cluster, active, on the first start', async () => {
    const { store } = await open(join(await tempDir(), 'profiles.json'))
    expect(store.list().map(({ id, builtIn }) => [id, builtIn])).toEqual([[BUILT_IN_ID, true]])
    expect(store.active().id).toBe(BUILT_IN_ID)
  })

  it('are kept with their addresses in one form, and the active one too', async () => {
    const path = join(await tempDir(), 'profiles.json')
    const { store, changes } = await open(path)
    const saved = await store.save(
      input({
        trackers: [' 10.0.0.1 ', '10.0.0.1:22122', '[::1]:9'],
        httpBase: { '': 'http://files.example/', group1: ' ' },
        defaultGroup: ''
      })
    )
    expect(saved.trackers).toEqual(['10.0.0.1:22122', '[::1]:9'])
    expect(saved).toMatchObject({ httpBase: { '': 'http://files.example' }, defaultGroup: null, builtIn: false })
    await store.activate(saved.id)
    const again = await open(path)
    expect(again.store.active()).toEqual(saved)
    expect(changes.map((change) => change.outdated)).toEqual([[], []])
  })

  it('tell which connections no longer hold when one is changed or removed', async () => {
    const { store, changes } = await open(join(await tempDir(), 'profiles.json'))
    const { id } = await store.save(input({}))
    await store.activate(id)
    await store.save(input({ id, name: 'Other', readOnly: true, defaultGroup: 'group1' }))
    await store.save(input({ id, name: 'Other', addressMap: { '10.0.0.9': '10.0.0.8' } }))
    await store.remove(id)
    expect(changes.slice(2).map((change) => change.outdated)).toEqual([[], [id], [id]])
    expect(store.active().id).toBe(BUILT_IN_ID)
  })

  it.each([
    [{ trackers: ['no spaces allowed'] }, 'ADDRESS_INVALID'],
    [{ trackers: ['10.0.0.1:99999'] }, 'ADDRESS_INVALID'],
    [{ trackers: [] }, 'ADDRESS_INVALID'],
    [{ addressMap: { '10.0.0.1': 'not an address' } }, 'ADDRESS_INVALID'],
    [{ defaultGroup: 'group/1' }, 'GROUP_INVALID'],
    [{ httpBase: { '': 'javascript:alert(1)' } }, 'INPUT_INVALID'],
    [{ httpBase: { '': 'http://user:pw@host' } }, 'INPUT_INVALID'],
    [{ id: 'nobody' }, 'PROFILE_UNKNOWN']
  ])('refuse %j with %s and change nothing', async (value, code) => {
    const { store, changes } = await open(join(await tempDir(), 'profiles.json'))
    await expect(store.save(input(value as Partial<ProfileInput>))).rejects.toMatchObject({ code })
    expect(store.list()).toHaveLength(1)
    expect(changes).toEqual([])
  })

  it('never lose the built-in cluster: not by removing, saving, or a damaged file', async () => {
    const path = join(await tempDir(), 'profiles.json')
    const { store } = await open(path)
    await expect(store.remove(BUILT_IN_ID)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    const saved = await store.save(input({ id: BUILT_IN_ID, name: 'Mine', trackers: ['1.2.3.4'], defaultGroup: 'group2' }))
    expect(saved).toMatchObject({ builtIn: true, trackers: [], defaultGroup: 'group2', name: 'Built-in cluster' })
    await writeFile(path, '{"profiles": [{"id": 5}]}')
    const damaged = await open(path)
    expect(damaged.corrupt).toEqual([`${path}.corrupt-99`])
    expect(damaged.store.active().id).toBe(BUILT_IN_ID)
  })

  it('fall back to the built-in cluster when the active one is not in the file', async () => {
    const path = join(await tempDir(), 'profiles.json')
    await writeFile(path, JSON.stringify({ activeId: 'gone', profiles: [{ id: 'x', name: 'X', trackers: ['a:1'], readOnly: true }] }))
    const { store } = await open(path)
    expect(store.active().id).toBe(BUILT_IN_ID)
    expect(store.get('x')).toMatchObject({ readOnly: true, connectTimeoutMs: 5000 })
  })
})

describe('address map', () => {
  it('prefers an entry with the port, keeps the port that was told otherwise, and leaves unknown addresses alone', () => {
    const addressMap = { '10.0.0.5': 'files.example', '10.0.0.5:23001': '1.2.3.4:7', '[::1]:1': '[fe80::1]:2' }
    const { map } = createAddressBook({ addressMap, storageIds: {} })
    expect(map({ host: '10.0.0.5', port: 23000 })).toEqual({ host: 'files.example', port: 23000 })
    expect(map({ host: '10.0.0.5', port: 23001 })).toEqual({ host: '1.2.3.4', port: 7 })
    expect(map({ host: '::1', port: 1 })).toEqual({ host: 'fe80::1', port: 2 })
    expect(map({ host: '10.0.0.6', port: 1 })).toEqual({ host: '10.0.0.6', port: 1 })
  })

  it('takes IPv6 addresses in all their forms, with and without port', async () => {
    const addressMap = { '[2001:DB8:0:0::1]': '[fe80::2]', '[2001:db8::3]:23000': 'files.example', '10.0.0.1': '[fe80:0::4]:7' }
    const { store } = await open(join(await tempDir(), 'profiles.json'))
    const { addressMap: stored } = await store.save(input({ addressMap }))
    expect(stored).toEqual({ '[2001:DB8:0:0::1]': '[fe80::2]', '[2001:db8::3]:23000': 'files.example', '10.0.0.1': '[fe80:0::4]:7' })
    const { storages } = parseStorageIds('100005 group2 fe80::2,[fe80::3]\n')
    expect((await store.save(input({ storageIds: storages }))).storageIds).toEqual({ '100005': ['[fe80::2]', '[fe80::3]'] })
    // What was stored can be stored again.
    expect((await store.save(input({ addressMap: stored }))).addressMap).toEqual(stored)
    const { map, others } = createAddressBook({
      addressMap: { ...stored, 'fe80::5': 'fe80::6' },
      storageIds: { '7': ['[fe80::7]', '[fe80::8]:1'] }
    })
    expect(map({ host: '2001:db8::1', port: 23000 })).toEqual({ host: 'fe80::2', port: 23000 })
    expect(map({ host: '2001:db8:0::3', port: 23000 })).toEqual({ host: 'files.example', port: 23000 })
    expect(map({ host: '2001:db8::3', port: 1 })).toEqual({ host: '2001:db8::3', port: 1 })
    expect(map({ host: '10.0.0.1', port: 1 })).toEqual({ host: 'fe80:0::4', port: 7 })
    // As earlier versions stored it.
    expect(map({ host: 'FE80::5', port: 1 })).toEqual({ host: 'fe80::6', port: 1 })
    expect(others({ host: 'fe80:0::7', port: 9 })).toContainEqual({ host: 'fe80::8', port: 1 })
  })

  it('knows a storage by its ID, from storage_ids.conf or from what the tracker lists', () => {
    const addressMap = { '100001': 'one.example', '100002': 'two.example:7' }
    const book = createAddressBook({ addressMap, storageIds: { '100001': ['10.0.0.1', '192.168.0.1'] } })
    expect(book.map({ host: '192.168.0.1', port: 23000 })).toEqual({ host: 'one.example', port: 23000 })
    expect(book.others({ host: '10.0.0.1', port: 23000 })).toEqual([{ host: '192.168.0.1', port: 23000 }])
    const second = { host: '10.0.0.2', port: 23000 }
    expect([book.incomplete, book.map(second)]).toEqual([true, second])
    book.learn([
      { id: '100002', ...second },
      { id: '10.0.0.9', host: '10.0.0.9', port: 1 }
    ])
    expect([book.incomplete, book.map(second)]).toEqual([false, { host: 'two.example', port: 7 }])
    // An address that is named itself is meant more than the storage behind it.
    const both = createAddressBook({ addressMap: { ...addressMap, '10.0.0.1': 'direct.example' }, storageIds: { '100001': ['10.0.0.1'] } })
    expect(both.map({ host: '10.0.0.1', port: 1 })).toEqual({ host: 'direct.example', port: 1 })
  })
})
