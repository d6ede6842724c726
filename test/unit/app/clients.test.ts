import { describe, expect, it } from 'vitest'
import { createStoreClients } from '../../../src/main/app/clients.ts'
import type { StoreClient, StoreClientOptions } from '../../../src/main/cluster/types.ts'
import { AppError } from '../../../src/shared/errors.ts'
import type { Profile } from '../../../src/shared/model.ts'

function setup() {
  const profile: Profile = {
    id: 'p',
    name: 'P',
    trackers: ['10.0.0.1:22122'],
    builtIn: false,
    readOnly: false,
    connectTimeoutMs: 1,
    networkTimeoutMs: 2,
    httpBase: {},
    defaultGroup: null,
    addressMap: {},
    storageIds: {},
    groupInLinks: true,
    tokenTtlSeconds: 600,
    color: 'none',
    environment: 'none'
  }
  const opened: StoreClientOptions[] = []
  let closed = 0
  let failures = 0
  const clients = createStoreClients({
    profile: (id) => ({ ...profile, id, builtIn: id === 'builtin', trackers: id === 'builtin' ? [] : profile.trackers }),
    builtInTrackers: () => (failures-- > 0 ? Promise.reject(new AppError('ADDRESS_IN_USE')) : Promise.resolve(['127.0.0.1:1'])),
    connect: (options) => {
      opened.push(options)
      let abort = (_error: unknown) => undefined as void
      const ended = new Promise<never>((_, reject) => {
        abort = reject
      })
      ended.catch(() => undefined)
      return {
        groups: () => ended,
        queryStore: () => Promise.resolve(options.trackers[0]),
        close: () => {
          closed += 1
          abort(new AppError('ABORTED'))
          return Promise.resolve()
        }
      } as unknown as StoreClient
    }
  })
  return { clients, opened, closed: () => closed, failNext: (count: number) => (failures = count) }
}

describe('store clients', () => {
  it('are opened once per profile, with what the profile says, and again after it changed', async () => {
    const { clients, opened, closed } = setup()
    const [first, second] = await Promise.all([clients.get('p'), clients.get('p')])
    expect(first).toBe(second)
    expect(opened).toMatchObject([{ trackers: [{ host: '10.0.0.1', port: 22122 }], connectTimeoutMs: 1, networkTimeoutMs: 2 }])
    clients.drop('p')
    expect(await clients.get('p')).not.toBe(first)
    expect(closed()).toBe(1)
    await clients.close()
    expect(closed()).toBe(2)
    await expect(clients.get('p')).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('wait for the built-in cluster, and try again after its start failed', async () => {
    const { clients, failNext } = setup()
    failNext(1)
    await expect(clients.get('builtin')).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' })
    expect(await (await clients.get('builtin')).queryStore()).toEqual({ host: '127.0.0.1', port: 1 })
  })

  it('that last follow the profile: work under way is lost and can be done again, it is not cancelled', async () => {
    const { clients, opened } = setup()
    const lasting = clients.lasting('p')
    const underWay = lasting.groups()
    await clients.get('p')
    clients.drop('p')
    await expect(underWay).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(await lasting.queryStore()).toEqual({ host: '10.0.0.1', port: 22122 })
    expect(opened).toHaveLength(2)
  })

  it('that last leave it to their user to be cancelled', async () => {
    const { clients } = setup()
    const controller = new AbortController()
    const underWay = clients.lasting('p').groups({ signal: controller.signal })
    await clients.get('p')
    controller.abort()
    clients.drop('p')
    await expect(underWay).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
