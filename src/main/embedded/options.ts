/** Which real servers the cluster answers like. '6.16.1-ipv6': with `response_ip_addr_size = IPv6`, as trackers of 6.11 to 6.13 always do. */
export type Behaviour = '6.16.1' | '6.16.1-ipv6' | '6.06'

export interface EmbeddedClusterOptions {
  /** Everything is kept below it: files, binlogs, positions of replication, ports. Created when missing. */
  dir: string
  /** Group name → number of storages (1–32). Groups and storages found in `dir` beyond these stay as they are, unused. */
  groups: Record<string, number>
  /** Address of the tracker, and of every storage where other loopback addresses cannot be bound. Default 127.0.0.1. */
  host?: string | undefined
  /** 0 or missing: the port of the last time when it is free, else a free one. */
  trackerPort?: number | undefined
  /** How many trackers answer, all for the same cluster; further ones take free ports. Default 1. */
  trackerCount?: number | undefined
  /** Age of a change before a replica gets it. Default 0: at once. */
  syncDelayMs?: number | undefined
  behaveLike?: Behaviour | undefined
  /**
   * Reproduces the quirks of the real servers that a careful one would not have: the request's body as answer to changes
   * that change nothing, EINVAL for downloads of empty files, negative lengths (6.06). Default false.
   */
  quirks?: boolean | undefined
  /** Free space below which uploads are refused with ENOSPC. Default 256 MiB. */
  reservedBytes?: number | undefined
  storePathCount?: number | undefined
  /** Default 1024, as the sample configuration of the real servers. */
  maxConnections?: number | undefined
  /** Default 60 000. */
  networkTimeoutMs?: number | undefined
  /**
   * How file names tell their source. 'ip': every storage has its own loopback address (127.0.1.1, 127.0.1.2 …). 'id':
   * storage ids, all on `host` with ports of their own. 'auto': ip where such addresses can be bound, which not every
   * system allows. Kept in `dir`: an existing cluster keeps its kind.
   */
  addressing?: 'auto' | 'ip' | 'id' | undefined
  /** Unix milliseconds; for names, records and the tracker's rules about age. */
  nowMs?: (() => number) | undefined
  /** 0 ≤ random < 1. */
  random?: (() => number) | undefined
}

export const DEFAULTS = {
  host: '127.0.0.1',
  reservedBytes: 256 * 1024 * 1024,
  maxConnections: 1024,
  networkTimeoutMs: 60_000,
  subdirCount: 256
} as const

/** What clients can see of a generation of servers (protocol page, section 13). */
export interface Generation {
  version: string
  groupLayout: 105 | 113
  storageLayout: 487 | 517 | 612
  /** Width of addresses in 101–107, and in 22. */
  ipWidth: 15 | 45
  ipBytes: 16 | 46
  /** FETCH_ALL with one port for all. */
  sharedPort: boolean
  trackerClosesAfterInvalid: boolean
  maxTrackerBodyBytes: number
  /** 95–98, `ip:port` keys, wide addresses in 71. */
  clusterCommands: boolean
  clipsRanges: boolean
  infoFlags: boolean
  currentTrunkFileId: number
}

const NEWEST: Generation = {
  version: '6.16.1',
  groupLayout: 113,
  storageLayout: 487,
  ipWidth: 15,
  ipBytes: 16,
  sharedPort: false,
  trackerClosesAfterInvalid: false,
  maxTrackerBodyBytes: 262_134,
  clusterCommands: true,
  clipsRanges: true,
  infoFlags: true,
  currentTrunkFileId: -1
}

export const GENERATIONS: Record<Behaviour, Generation> = {
  '6.16.1': NEWEST,
  '6.16.1-ipv6': { ...NEWEST, storageLayout: 517, ipWidth: 45, ipBytes: 46 },
  '6.06': {
    version: '6.06',
    groupLayout: 105,
    storageLayout: 612,
    ipWidth: 15,
    ipBytes: 16,
    sharedPort: true,
    trackerClosesAfterInvalid: true,
    maxTrackerBodyBytes: 8182,
    clusterCommands: false,
    clipsRanges: false,
    infoFlags: false,
    currentTrunkFileId: 0
  }
}
