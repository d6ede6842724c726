import { describe, expect, it } from 'vitest'
import {
  HEADER_BYTES,
  decodeBody,
  encodeRequest,
  encodeResponse,
  emptyStats,
  fetchStorageIds,
  getLeader,
  listAllGroups,
  listStorages,
  queryFetchAll,
  queryFetchOne,
  queryStoreOne,
  storageClusterStat,
  storageMyIp,
  storageStateName,
  trackerParameters
} from '../../../src/main/protocol/index.ts'
import type { FetchTargets, GroupRecord, StorageLayout, StorageRecord } from '../../../src/main/protocol/index.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const invalid = (reason: string) => expect.objectContaining({ code: 'PROTOCOL_INVALID', detail: expect.objectContaining({ reason }) })
const GROUP1 = '67726f75703100000000000000000000'

describe('addresses of storages', () => {
  // group "group1" | ip "127.0.0.3", padded to 15 | port 23000 | store path index 0: a tracker in IPv4 layout
  const STORE_ONE = `${GROUP1} 3132372e302e302e33000000000000 00000000000059d8 00`

  it('are read in the narrow layout', () => {
    expect(decodeBody(queryStoreOne.response, hex(STORE_ONE))).toEqual({
      group: 'group1',
      host: '127.0.0.3',
      port: 23_000,
      storePathIndex: 0,
      ipWidth: 15
    })
  })

  it('are read in the wide layout, with an IPv6 address that fills it', () => {
    const host = '0000:0000:0000:0000:0000:ffff:255.255.255.255'
    expect(host).toHaveLength(45)
    const packet = encodeResponse(queryStoreOne, { group: 'group1', host, port: 1, storePathIndex: 255 })
    expect(packet.length - HEADER_BYTES).toBe(70)
    expect(decodeBody(queryStoreOne.response, packet.subarray(HEADER_BYTES))).toMatchObject({ host, ipWidth: 45, storePathIndex: 255 })
  })

  it('are refused with a port that is none, a name instead of an address, a group that is none', () => {
    expect(() => decodeBody(queryStoreOne.response, hex(STORE_ONE.replace('59d8', '0000')))).toThrow(invalid('no-address-layout'))
    expect(() => decodeBody(queryStoreOne.response, hex(STORE_ONE.replace('0059d8', '0159d8')))).toThrow(invalid('no-address-layout'))
    expect(() => decodeBody(queryStoreOne.response, hex(STORE_ONE.replace('3132372e', '6576696c')))).toThrow(invalid('bad-address'))
    expect(() => decodeBody(queryStoreOne.response, hex(STORE_ONE.replace('6772', '2e2e')))).toThrow(invalid('bad-group'))
  })

  it('tell three servers of an old tracker from one server of a new one, at the same length', () => {
    const old: FetchTargets = {
      group: 'group1',
      servers: ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((host) => ({ host, port: 23_000 })),
      ipWidth: 15,
      sharedPort: true
    }
    const one: FetchTargets = { group: 'group1', servers: [{ host: '2001:db8::1', port: 23_000 }], ipWidth: 45 }
    const bodies = [old, one].map((value) => encodeResponse(queryFetchAll, value).subarray(HEADER_BYTES))
    expect(bodies.map((b) => b.length)).toEqual([69, 69])
    expect(bodies.map((b) => decodeBody(queryFetchAll.response, b))).toEqual([old, one])
  })

  it('tell 24 servers of an old tracker from 16 of a new one, at the same length', () => {
    const servers = (n: number) => Array.from({ length: n }, (_, i) => ({ host: `10.0.0.${i + 1}`, port: 23_000 }))
    const old: FetchTargets = { group: 'g', servers: servers(24), ipWidth: 15, sharedPort: true }
    const recent: FetchTargets = { group: 'g', servers: servers(16), ipWidth: 15 }
    const bodies = [old, recent].map((value) => encodeResponse(queryFetchAll, value).subarray(HEADER_BYTES))
    expect(bodies.map((b) => b.length)).toEqual([384, 384])
    expect(bodies.map((b) => decodeBody(queryFetchAll.response, b))).toEqual([old, recent])
  })

  it('end exactly at the end of the body', () => {
    const body = encodeResponse(queryFetchOne, { group: 'g', host: '10.0.0.1', port: 1 }).subarray(HEADER_BYTES)
    expect(() => decodeBody(queryFetchOne.response, Buffer.concat([body, Buffer.of(0)]))).toThrow(invalid('surplus-bytes'))
    expect(() => decodeBody(queryFetchAll.response, Buffer.concat([body, Buffer.alloc(7)]))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_TRUNCATED' })
    )
  })
})

describe('questions about a file', () => {
  it('are not built for names that a tracker refuses or that are no names', () => {
    const bad = expect.objectContaining({ code: 'FILE_ID_INVALID' })
    for (const remoteName of [
      'M00/00/00/short',
      `M00/00/00/${'a'.repeat(120)}`,
      '../../../etc/passwd-and-more',
      'M00/00/00/a/b/c/d/e/f/g/h'
    ]) {
      expect(() => encodeRequest(queryFetchOne, { group: 'group1', remoteName })).toThrow(bad)
    }
    for (const group of ['', 'a b', 'group-1', 'g'.repeat(17)]) {
      expect(() => encodeRequest(queryFetchOne, { group, remoteName: 'M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s387.jpg' })).toThrow(
        expect.objectContaining({ code: 'GROUP_INVALID' })
      )
    }
  })
})

describe('group records', () => {
  const record: GroupRecord = {
    group: 'group1',
    totalMb: 258_019,
    freeMb: 72_982,
    reservedMb: 2580,
    trunkFreeMb: 0,
    storageCount: 2,
    storagePort: 23_000,
    storageHttpPort: null,
    activeCount: null,
    readableCount: 1,
    writableCount: 1,
    currentWriteServer: 0,
    storePathCount: 1,
    subdirCountPerPath: 4,
    currentTrunkFileId: -1
  }

  it('are 113 bytes unless asked otherwise', () => {
    expect(encodeResponse(listAllGroups, { groups: [record, record] }).length - HEADER_BYTES).toBe(226)
    expect(encodeResponse(listAllGroups, { groups: [record], layout: 105 }).length - HEADER_BYTES).toBe(105)
  })

  it('none at all is a legal answer', () => {
    expect(decodeBody(listAllGroups.response, Buffer.alloc(0))).toEqual({ groups: [] })
  })

  it('are told apart by their names where both sizes divide the length', () => {
    const groups = (n: number, more: Partial<GroupRecord>) => Array.from({ length: n }, (_, i) => ({ ...record, group: `g${i}`, ...more }))
    const recent = { groups: groups(105, {}), layout: 113 as const }
    const old = {
      groups: groups(113, { reservedMb: null, storageHttpPort: 8888, activeCount: 1, readableCount: null, writableCount: null }),
      layout: 105 as const
    }
    for (const value of [recent, old]) {
      const body = encodeResponse(listAllGroups, value).subarray(HEADER_BYTES)
      expect(body.length).toBe(11_865)
      expect(decodeBody(listAllGroups.response, body)).toEqual(value)
    }
  })

  it('of no known size are refused', () => {
    expect(() => decodeBody(listAllGroups.response, Buffer.alloc(100))).toThrow(invalid('no-record-size'))
  })
})

describe('storage records', () => {
  const record: StorageRecord = {
    status: 7,
    rwMode: 6,
    id: '100001',
    ip: '127.0.0.1',
    domainName: '',
    sourceId: '',
    version: '6.16.1',
    joinTime: 1,
    upTime: 2,
    totalMb: 3,
    freeMb: 4,
    reservedMb: 5,
    uploadPriority: 10,
    storePathCount: 1,
    subdirCountPerPath: 256,
    currentWritePath: 0,
    port: 23_000,
    httpPort: 8888,
    connections: { allocated: 64, current: 1, max: 2 },
    stats: emptyStats(),
    isTrunkServer: true
  }

  it('of every version have their own size, and no count of them is ambiguous', () => {
    const layouts: StorageLayout[] = [487, 509, 517, 612, 642, 644]
    const lengths = new Map<number, StorageLayout>()
    for (const layout of layouts) {
      for (let n = 1; n <= 32; n++) {
        expect(lengths.get(layout * n)).toBeUndefined()
        lengths.set(layout * n, layout)
        expect(layouts.filter((other) => (layout * n) % other === 0 && (layout * n) / other <= 32)).toEqual([layout])
      }
      const body = encodeResponse(listStorages, { storages: [record], layout }).subarray(HEADER_BYTES)
      expect(body.length).toBe(layout)
      expect(decodeBody(listStorages.response, body).storages[0]).toMatchObject({ id: '100001', port: 23_000, isTrunkServer: true })
    }
    expect(encodeResponse(listStorages, { storages: [record] }).length - HEADER_BYTES).toBe(487)
  })

  it('none at all is a legal answer', () => {
    expect(decodeBody(listStorages.response, Buffer.alloc(0))).toEqual({ storages: [] })
  })

  it('beyond 32 are refused', () => {
    const body = encodeResponse(listStorages, { storages: Array.from({ length: 33 }, () => record) }).subarray(HEADER_BYTES)
    expect(() => decodeBody(listStorages.response, body)).toThrow(invalid('too-many-storages'))
  })

  it('with control characters in their texts are refused', () => {
    const body = encodeResponse(listStorages, { storages: [record] }).subarray(HEADER_BYTES)
    body[2] = 0x1b
    expect(() => decodeBody(listStorages.response, body)).toThrow(invalid('not-printable'))
  })

  it('have states with names, and a number without a name is unknown', () => {
    expect([0, 4, 7, 9, 99, 8].map(storageStateName)).toEqual(['init', 'deleted', 'active', 'recovery', 'none', 'unknown'])
  })
})

describe('small answers', () => {
  it('counts that disagree with the length are refused before anything is read', () => {
    expect(() => decodeBody(storageClusterStat.response, hex('0000 7fffffff'))).toThrow(invalid('count-disagrees'))
    expect(() => decodeBody(storageClusterStat.response, hex('0000 ffffffff'))).toThrow(invalid('count-disagrees'))
    expect(() => decodeBody(fetchStorageIds.response, hex('00000002 00000002'))).toThrow(invalid('count-disagrees'))
  })

  it('a leader can have an IPv6 address', () => {
    const body = encodeResponse(getLeader, { host: '2001:db8::1', port: 22_122 }).subarray(HEADER_BYTES)
    expect(body.toString()).toBe('[2001:db8::1]:22122')
    expect(decodeBody(getLeader.response, body)).toEqual({ host: '2001:db8::1', port: 22_122 })
    for (const text of ['', 'host', '127.0.0.1', '127.0.0.1:0', '127.0.0.1:65536', 'tracker.example:22122', '127.0.0.1:22a']) {
      expect(() => decodeBody(getLeader.response, Buffer.from(text))).toThrow(expect.objectContaining({ code: 'PROTOCOL_INVALID' }))
    }
  })

  it('parameters keep what is unknown and skip what is no parameter', () => {
    expect(decodeBody(trackerParameters.response, Buffer.from('a=1\n\nnonsense\nb=x=y\n__proto__=z'))).toEqual(
      Object.fromEntries([
        ['a', '1'],
        ['b', 'x=y'],
        ['__proto__', 'z']
      ])
    )
  })

  it('two addresses of one caller are both read, three are refused', () => {
    expect(decodeBody(storageMyIp.response, Buffer.from('10.0.0.1,192.168.0.1'))).toEqual({ addresses: ['10.0.0.1', '192.168.0.1'] })
    expect(() => decodeBody(storageMyIp.response, Buffer.from('10.0.0.1,10.0.0.2,10.0.0.3'))).toThrow(invalid('too-many-addresses'))
  })

  it('storage ids are read with and without port, mode and second address', () => {
    const text = '100001 group1 10.0.0.1\n100002 group1 10.0.0.2:23000 rw=both\n7 g2 10.0.0.1,10.1.0.1:23001\n8 g2 [::1]:23000\n'
    const body = Buffer.concat([hex('00000004 00000004'), Buffer.from(text)])
    expect(decodeBody(fetchStorageIds.response, body).entries).toEqual([
      { id: 100_001, group: 'group1', address: '10.0.0.1', rw: '' },
      { id: 100_002, group: 'group1', address: '10.0.0.2:23000', rw: 'both' },
      { id: 7, group: 'g2', address: '10.0.0.1,10.1.0.1:23001', rw: '' },
      { id: 8, group: 'g2', address: '[::1]:23000', rw: '' }
    ])
  })
})
