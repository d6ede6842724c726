/** Legal values of every command, for properties: what is encoded must decode to the same. */
import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import * as protocol from '../../../src/main/protocol/index.ts'
import type { Command } from '../../../src/main/protocol/index.ts'

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const NAME = `${ALNUM}._-`

function chars(alphabet: string, minLength: number, maxLength: number): Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength, maxLength })
}

const size = fc.oneof(fc.nat(), fc.maxSafeNat())
const int64 = fc.oneof(fc.integer(), fc.maxSafeInteger())
const int32 = fc.integer()
const byte = fc.integer({ min: 0, max: 255 })
const port = fc.integer({ min: 1, max: 65_535 })
const group = chars(ALNUM, 1, 16)
const ipv4 = fc.ipV4()
const ipv6 = fc.ipV6()
const ip = fc.oneof(ipv4, ipv6)
const printable = (max: number) => chars(`${ALNUM} .:-_`, 0, max)

function remoteName(minLength: number): Arbitrary<string> {
  return fc
    .tuple(byte, byte, byte, chars(NAME, minLength - 10, 117))
    .filter(([, , , name]) => name !== '.' && name !== '..')
    .map(([path, high, low, name]) => `M${hex(path)}/${hex(high)}/${hex(low)}/${name}`)
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0')
}

const file = fc.record({ group, remoteName: remoteName(22) })
const ext = chars(NAME, 0, 6)
const none = fc.constant(undefined)
const groupOnly = fc.record({ group })
const upload = fc.record({ storePathIndex: byte, sizeBytes: size, ext })

/** The layout field and addresses that fit it. */
function addressed<T>(more: (width: 15 | 45, host: Arbitrary<string>) => Arbitrary<T>): Arbitrary<T> {
  return fc.constantFrom(15 as const, 45 as const).chain((width) => more(width, width === 15 ? ipv4 : ip))
}

const storeOne = addressed((ipWidth, host) => fc.record({ group, host, port, storePathIndex: byte, ipWidth: fc.constant(ipWidth) }))
const fetchOne = addressed((ipWidth, host) => fc.record({ group, host, port, ipWidth: fc.constant(ipWidth) }))
const serverList = (host: Arbitrary<string>) => fc.array(fc.record({ host, port }), { minLength: 1, maxLength: 32 })
const storeAll = addressed((ipWidth, host) =>
  fc.record({ group, servers: serverList(host), storePathIndex: byte, ipWidth: fc.constant(ipWidth) })
)
const fetchAll = addressed((ipWidth, host) =>
  fc.oneof(
    fc.record({ group, servers: serverList(host), ipWidth: fc.constant(ipWidth) }),
    fc.record({
      group,
      servers: fc
        .tuple(port, fc.array(host, { minLength: 2, maxLength: 32 }))
        .map(([shared, hosts]) => hosts.map((h) => ({ host: h, port: shared }))),
      ipWidth: fc.constant(ipWidth),
      sharedPort: fc.constant(true)
    })
  )
)

function groupRecord(layout: 105 | 113): Arbitrary<unknown> {
  const recent = layout === 113
  const when = <T>(present: boolean, value: Arbitrary<T>) => (present ? value : fc.constant(null))
  return fc.record({
    group,
    totalMb: int64,
    freeMb: int64,
    reservedMb: when(recent, int64),
    trunkFreeMb: int64,
    storageCount: size,
    storagePort: int64,
    storageHttpPort: when(!recent, int64),
    activeCount: when(!recent, size),
    readableCount: when(recent, size),
    writableCount: when(recent, size),
    currentWriteServer: int64,
    storePathCount: size,
    subdirCountPerPath: size,
    currentTrunkFileId: int64
  })
}

const groupLayout = fc.constantFrom(105 as const, 113 as const)

const LAYOUTS = {
  487: [true, 16, false, 8, true],
  509: [true, 46, false, 8, false],
  517: [true, 46, false, 8, true],
  612: [false, 16, true, 6, false],
  642: [false, 46, true, 6, false],
  644: [false, 46, true, 8, false]
} as const

function storageRecord(layout: keyof typeof LAYOUTS): Arbitrary<unknown> {
  const [rwMode, ipBytes, old, versionBytes, reserved] = LAYOUTS[layout]
  const when = <T>(present: boolean, value: Arbitrary<T>) => (present ? value : fc.constant(null))
  return fc.record({
    status: byte,
    rwMode: when(rwMode, byte),
    id: printable(16),
    ip: ipBytes === 16 ? ipv4 : ip,
    domainName: when(old, printable(128)),
    sourceId: printable(16),
    version: printable(versionBytes),
    joinTime: int64,
    upTime: int64,
    totalMb: int64,
    freeMb: int64,
    reservedMb: when(reserved, int64),
    uploadPriority: int64,
    storePathCount: size,
    subdirCountPerPath: size,
    currentWritePath: int64,
    port,
    httpPort: when(old, int64),
    connections: fc.record({ allocated: int32, current: int32, max: int32 }),
    stats: fc.record(Object.fromEntries(protocol.STORAGE_STAT_NAMES.map((n) => [n, int64]))),
    isTrunkServer: fc.boolean()
  })
}

const storageLayout = fc.constantFrom(...Object.keys(LAYOUTS).map((k) => Number(k) as keyof typeof LAYOUTS))

const metadataText = (maxBytes: number, minLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength, maxLength: maxBytes })
    .filter((t) => t.isWellFormed() && Buffer.byteLength(t) <= maxBytes && !['\0', '\u0001', '\u0002'].some((c) => t.includes(c)))
export const metadata = fc.dictionary(metadataText(64, 1), metadataText(256, 0), { maxKeys: 20, noNullPrototype: true })

const connections = fc.record({ allocated: int32, current: int32, max: int32 })
const version = printable(8)
const optional = <T extends Record<string, Arbitrary<unknown>>>(fields: T) => fc.record(fields, { requiredKeys: [] })
const key = fc.record({
  group,
  address: fc.oneof(
    ip,
    fc.tuple(ipv4, port).map(([h, p]) => `${h}:${p}`)
  )
})

export interface Case {
  command: Command<any, any>
  request: Arbitrary<any>
  response: Arbitrary<any>
}

/** One entry for each command of the protocol room. */
export const CASES: Case[] = [
  { command: protocol.activeTest, request: none, response: none },
  { command: protocol.quit, request: none, response: none },
  { command: protocol.queryStoreOne, request: none, response: storeOne },
  { command: protocol.queryStoreOneInGroup, request: groupOnly, response: storeOne },
  { command: protocol.queryStoreAll, request: none, response: storeAll },
  { command: protocol.queryStoreAllInGroup, request: groupOnly, response: storeAll },
  { command: protocol.queryFetchOne, request: file, response: fetchOne },
  { command: protocol.queryUpdate, request: file, response: fetchOne },
  { command: protocol.queryFetchAll, request: file, response: fetchAll },
  {
    command: protocol.listOneGroup,
    request: groupOnly,
    response: groupLayout.chain((layout) => fc.record({ group: groupRecord(layout), layout: fc.constant(layout) }))
  },
  {
    command: protocol.listAllGroups,
    request: none,
    response: groupLayout.chain((layout) =>
      fc.record({ groups: fc.array(groupRecord(layout), { minLength: 1, maxLength: 8 }), layout: fc.constant(layout) })
    )
  },
  {
    command: protocol.listStorages,
    request: fc.record({ group, storageId: chars(NAME, 1, 15) }, { requiredKeys: ['group'] }),
    response: storageLayout.chain((layout) =>
      fc.record({ storages: fc.array(storageRecord(layout), { minLength: 1, maxLength: 3 }), layout: fc.constant(layout) })
    )
  },
  {
    command: protocol.trackerStatus,
    request: none,
    response: fc.record({ isLeader: fc.boolean(), runningSeconds: int64, restartIntervalSeconds: int64 })
  },
  {
    command: protocol.trackerParameters,
    request: none,
    response: fc.dictionary(chars(`${ALNUM}_`, 1, 20), printable(20), { noNullPrototype: true })
  },
  { command: protocol.getLeader, request: none, response: fc.record({ host: ip, port }) },
  {
    command: protocol.trackerClusterStat,
    request: optional({ isActive: fc.boolean(), isLeader: fc.boolean() }),
    response: fc.record({
      trackers: fc.array(
        fc.record({
          host: ip,
          port,
          isLeader: fc.boolean(),
          isActive: fc.boolean(),
          connections,
          version,
          upTime: int64,
          lastHeartbeatTime: int64
        }),
        { maxLength: 16 }
      )
    })
  },
  {
    command: protocol.storageClusterStat,
    request: optional({
      isTrunkServer: fc.boolean(),
      status: fc.record({ value: byte, not: fc.constant(true) }, { requiredKeys: ['value'] })
    }),
    response: fc.record({
      usesStorageIds: fc.boolean(),
      usesTrunkFiles: fc.boolean(),
      storages: fc.array(
        fc.record({
          id: printable(16),
          host: ip,
          port,
          isTrunkServer: fc.boolean(),
          status: byte,
          connections,
          version,
          upTime: int64,
          lastHeartbeatTime: int64
        }),
        { maxLength: 5 }
      )
    })
  },
  {
    command: protocol.groupStat,
    request: optional({ isDiskAvailable: fc.boolean(), isTrunkAvailable: fc.boolean(), isSpaceAvailable: fc.boolean() }),
    response: fc.record({
      usesTrunkFiles: fc.boolean(),
      groups: fc.array(
        fc.record({
          group,
          totalMb: int64,
          freeMb: int64,
          reservedMb: int64,
          availMb: int64,
          trunkFreeMb: int64,
          isDiskAvailable: fc.boolean(),
          isTrunkAvailable: fc.boolean()
        }),
        { maxLength: 5 }
      )
    })
  },
  {
    command: protocol.fetchStorageIds,
    request: fc.record({ startIndex: fc.nat(), allowEmpty: fc.boolean() }, { requiredKeys: ['startIndex'] }),
    response: fc
      .array(
        fc.record({
          id: fc.integer({ min: 1, max: 0xff_ffff }),
          group,
          address: fc.tuple(ip, port).map(([h, p]) => (h.includes(':') ? `[${h}]:${p}` : `${h}:${p}`)),
          rw: fc.constantFrom('', 'none', 'read', 'both')
        }),
        { maxLength: 5 }
      )
      .map((entries) => ({ total: entries.length + 3, entries }))
  },
  {
    command: protocol.storageServerId,
    request: key,
    response: fc.record({ id: fc.oneof(ip, fc.integer({ min: 1, max: 0xff_ffff }).map(String)) })
  },
  {
    command: protocol.storageStatus,
    request: key,
    response: fc
      .constantFrom(16 as const, 46 as const)
      .chain((ipBytes) =>
        fc.record({ status: byte, port, id: printable(16), ip: ipBytes === 16 ? ipv4 : ip, ipBytes: fc.constant(ipBytes) })
      )
  },
  {
    command: protocol.storageMyIp,
    request: fc.record({ group, port }, { requiredKeys: ['group'] }),
    response: fc.record({ addresses: fc.array(ip, { minLength: 1, maxLength: 2 }) })
  },
  { command: protocol.storageGroupName, request: fc.record({ ip, port }, { requiredKeys: ['port'] }), response: groupOnly },
  { command: protocol.uploadFile, request: upload, response: file },
  { command: protocol.uploadAppender, request: upload, response: file },
  {
    command: protocol.uploadSlave,
    request: fc
      .record({ masterName: remoteName(11), sizeBytes: size, prefix: chars(NAME, 1, 16), ext })
      .filter((v) => v.prefix !== '-m' || v.ext !== ''),
    response: file
  },
  { command: protocol.appendFile, request: fc.record({ remoteName: remoteName(44), sizeBytes: size }), response: none },
  { command: protocol.modifyFile, request: fc.record({ remoteName: remoteName(44), offset: size, sizeBytes: size }), response: none },
  { command: protocol.truncateFile, request: fc.record({ remoteName: remoteName(44), newSizeBytes: size }), response: none },
  { command: protocol.regenerateAppender, request: fc.record({ remoteName: remoteName(44) }), response: file },
  {
    command: protocol.putCopy,
    request: fc.record({ group, remoteName: remoteName(11), sizeBytes: size, timestampSeconds: fc.integer({ min: 0, max: 2 ** 31 - 1 }) }),
    response: none
  },
  { command: protocol.deleteFile, request: file, response: none },
  { command: protocol.downloadFile, request: fc.record({ group, remoteName: remoteName(11), offset: size, count: size }), response: none },
  {
    command: protocol.setMetadata,
    request: fc.record({ group, remoteName: remoteName(11), mode: fc.constantFrom('merge', 'overwrite'), metadata }),
    response: none
  },
  { command: protocol.getMetadata, request: file, response: metadata },
  {
    command: protocol.queryFileInfo,
    request: file,
    response: fc.constantFrom(16 as const, 46 as const).chain((ipBytes) =>
      fc.record({
        sizeBytes: size,
        modifiedAtSeconds: int64,
        crc32: fc.integer({ min: 0, max: 0xffff_ffff }),
        sourceIp: ipBytes === 16 ? ipv4 : ip,
        ipBytes: fc.constant(ipBytes)
      })
    )
  },
  { command: protocol.fetchOnePathBinlog, request: fc.record({ group, storePathIndex: byte }), response: none }
]
