import { CODES } from '../protocol/codes.ts'
import { formatAddress } from '../../shared/address.ts'
import { activeTest } from '../protocol/both.ts'
import { decodeBody, encodeResponse } from '../protocol/packet.ts'
import { ERRNO } from '../protocol/status.ts'
import { storageGroupName, storageMyIp } from '../protocol/tracker/caller.ts'
import { groupStat, storageClusterStat, trackerClusterStat } from '../protocol/tracker/cluster-stats.ts'
import { getLeader } from '../protocol/tracker/get-leader.ts'
import { listAllGroups, listOneGroup } from '../protocol/tracker/list-groups.ts'
import { listStorages } from '../protocol/tracker/list-storages.ts'
import { queryFetchAll, queryFetchOne, queryUpdate } from '../protocol/tracker/query-fetch.ts'
import { queryStoreAll, queryStoreAllInGroup, queryStoreOne, queryStoreOneInGroup } from '../protocol/tracker/query-store.ts'
import { fetchStorageIds, storageServerId, storageStatus } from '../protocol/tracker/storage-ids.ts'
import { STORAGE_STATE } from '../protocol/tracker/storage-states.ts'
import { trackerParameters } from '../protocol/tracker/tracker-parameters.ts'
import { trackerStatus } from '../protocol/tracker/tracker-status.ts'
import type { Generation } from './options.ts'
import type { Reply, ServerRequest, Service } from './service.ts'
import type { StorageNode } from './storage-node.ts'
import { fetchCandidates, storeCandidates, storeGroup, updateServer } from './tracker-choice.ts'
import type { TrackedGroup } from './tracker-choice.ts'
import { groupRecord, groupSpace, parametersText, storageRecord, storageStat } from './tracker-records.ts'

/** What all trackers of a cluster know. */
export interface ClusterModel {
  readonly generation: Generation
  readonly usesIds: boolean
  readonly reservedBytes: number
  readonly groups: readonly TrackedGroup[]
  /** The trackers in order; the first one that runs is the leader. */
  readonly trackers: readonly TrackedTracker[]
  nowMs(): number
}

export interface TrackedTracker {
  readonly host: string
  readonly port: number
  readonly isRunning: boolean
  readonly upSeconds: number
  readonly connections: { allocated: number; current: number; max: number }
}

/** Commands of joined storages and of other trackers. Without a JOIN the real tracker answers EACCES to them, or crashes (79, 88). */
const JOINED_ONLY: ReadonlySet<number> = new Set([76, 79, 83, 84, 88])
const EOPNOTSUPP_WITHOUT_TRUNK = 94
const DELETE_STORAGE = 93
const DELETE_GROUP = 108

/** Every client-facing command of a tracker (protocol page, section 5). */
export class TrackerService implements Service {
  readonly name: string
  readonly maxBodyBytes: number
  readonly answersTooLong = false
  readonly closesAfterInvalid: boolean
  readonly lengthBits = 32
  private readonly model: ClusterModel
  private readonly self: () => TrackedTracker
  private nextGroup = 0

  constructor(name: string, model: ClusterModel, self: () => TrackedTracker) {
    this.name = name
    this.model = model
    this.self = self
    this.maxBodyBytes = model.generation.maxTrackerBodyBytes
    this.closesAfterInvalid = model.generation.trackerClosesAfterInvalid
  }

  contentCommand(): null {
    return null
  }

  openContent(): number {
    return ERRNO.EINVAL
  }

  handle(request: ServerRequest, answer: (reply: Reply) => void): void {
    answer(this.reply(request.code, request.body, request.peer))
  }

  private reply(code: number, body: Buffer, peer: string): Reply {
    switch (code) {
      case CODES.ACTIVE_TEST:
        decodeBody(activeTest.request, body)
        return 0
      case CODES.QUERY_STORE_WITHOUT_GROUP_ONE:
        decodeBody(queryStoreOne.request, body)
        return this.store(this.anyGroup(), false)
      case CODES.QUERY_STORE_WITHOUT_GROUP_ALL:
        decodeBody(queryStoreAll.request, body)
        return this.store(this.anyGroup(), true)
      case CODES.QUERY_STORE_WITH_GROUP_ONE:
        return this.store(this.groupOf(decodeBody(queryStoreOneInGroup.request, body).group), false)
      case CODES.QUERY_STORE_WITH_GROUP_ALL:
        return this.store(this.groupOf(decodeBody(queryStoreAllInGroup.request, body).group), true)
      case CODES.QUERY_FETCH_ONE:
      case CODES.QUERY_FETCH_ALL:
        return this.fetch(body, code === CODES.QUERY_FETCH_ALL)
      case CODES.QUERY_UPDATE:
        return this.update(body)
      case CODES.LIST_ALL_GROUPS:
      case CODES.LIST_ONE_GROUP:
      case CODES.LIST_STORAGE:
        return this.list(code, body)
      case CODES.TRACKER_GET_STATUS:
        decodeBody(trackerStatus.request, body)
        return encodeResponse(trackerStatus, {
          isLeader: this.isLeader(),
          runningSeconds: Math.max(0, this.seconds() - this.self().upSeconds),
          restartIntervalSeconds: 0
        })
      case CODES.STORAGE_PARAMETER_REQ:
        decodeBody(trackerParameters.request, body)
        return encodeResponse(trackerParameters, parametersText(this.model))
      case CODES.FETCH_STORAGE_IDS:
        return this.storageIds(body)
      case CODES.STORAGE_GET_SERVER_ID:
      case CODES.STORAGE_GET_STATUS:
        return this.storageByAddress(code, body)
      case CODES.STORAGE_GET_MY_IP:
        decodeBody(storageMyIp.request, body)
        return encodeResponse(storageMyIp, { addresses: [peer] })
      case CODES.STORAGE_GET_GROUP_NAME:
        return this.groupOfStorage(body, peer)
      case CODES.GET_LEADER:
      case CODES.TRACKER_CLUSTER_STAT:
      case CODES.STORAGE_CLUSTER_STAT:
      case CODES.GROUP_STAT:
        return this.model.generation.clusterCommands ? this.clusterCommand(code, body) : ERRNO.EINVAL
      case DELETE_STORAGE:
        return this.deleteStorage(body)
      case DELETE_GROUP:
        return this.groupOf(decodeBody(listOneGroup.request, body).group) === ERRNO.ENOENT ? ERRNO.ENOENT : ERRNO.EBUSY
      case EOPNOTSUPP_WITHOUT_TRUNK:
        return ERRNO.EOPNOTSUPP
      default:
        return JOINED_ONLY.has(code) ? ERRNO.EACCES : ERRNO.EINVAL
    }
  }

  // ── Where to ────────────────────────────────────────────────────────────────────────────────────────────────

  private anyGroup(): TrackedGroup | number {
    return storeGroup(this.model.groups, this.nextGroup++)
  }

  private store(group: TrackedGroup | number, all: boolean): Reply {
    if (typeof group === 'number') return group
    const candidates = storeCandidates(group)
    if (typeof candidates === 'number') return candidates
    const { ipWidth } = this.model.generation
    const storePathIndex = group.nextPath++ % candidates[0]!.storePathCount
    if (all) return encodeResponse(queryStoreAll, { group: group.name, servers: candidates.map(addressOf), storePathIndex, ipWidth })
    const chosen = candidates[group.nextStore++ % candidates.length]!
    return encodeResponse(queryStoreOne, { group: group.name, ...addressOf(chosen), storePathIndex, ipWidth })
  }

  private fetch(body: Buffer, all: boolean): Reply {
    const file = decodeBody(queryFetchOne.request, body)
    const group = this.groupOf(file.group)
    if (typeof group === 'number') return group
    const candidates = fetchCandidates(group, file.remoteName, this.seconds())
    if (candidates.length === 0) return ERRNO.ENOENT
    const { sharedPort, ipWidth } = this.model.generation
    if (!all) {
      const chosen = candidates[group.nextFetch++ % candidates.length]!
      return encodeResponse(queryFetchOne, { group: group.name, ...addressOf(chosen), ipWidth })
    }
    // With one port for all, storages with another one cannot be told.
    const told = sharedPort ? candidates.filter((s) => s.slot.port === candidates[0]!.slot.port) : candidates
    return encodeResponse(queryFetchAll, { group: group.name, servers: told.map(addressOf), sharedPort, ipWidth })
  }

  private update(body: Buffer): Reply {
    const file = decodeBody(queryUpdate.request, body)
    const group = this.groupOf(file.group)
    if (typeof group === 'number') return group
    const chosen = updateServer(group, file.remoteName)
    const { ipWidth } = this.model.generation
    return chosen === null ? ERRNO.ENOENT : encodeResponse(queryUpdate, { group: group.name, ...addressOf(chosen), ipWidth })
  }

  // ── What there is ───────────────────────────────────────────────────────────────────────────────────────────

  private list(code: number, body: Buffer): Reply {
    const { groups, generation } = this.model
    const layout = generation.groupLayout
    if (code === CODES.LIST_ALL_GROUPS) {
      decodeBody(listAllGroups.request, body)
      return encodeResponse(listAllGroups, { groups: groups.map((g) => groupRecord(this.model, g)), layout })
    }
    if (code === CODES.LIST_ONE_GROUP) {
      const group = this.groupOf(decodeBody(listOneGroup.request, body).group)
      return typeof group === 'number' ? group : encodeResponse(listOneGroup, { group: groupRecord(this.model, group), layout })
    }
    const request = decodeBody(listStorages.request, body)
    const group = this.groupOf(request.group)
    if (typeof group === 'number') return group
    const wanted = group.storages.filter((s) => request.storageId === undefined || s.wireId === request.storageId)
    if (wanted.length === 0) return ERRNO.ENOENT
    return encodeResponse(listStorages, { storages: wanted.map((s) => storageRecord(this.model, s)), layout: generation.storageLayout })
  }

  private storageIds(body: Buffer): Reply {
    const { startIndex, allowEmpty } = decodeBody(fetchStorageIds.request, body)
    const { clusterCommands } = this.model.generation
    if (clusterCommands && allowEmpty === undefined) return ERRNO.EINVAL
    if (!this.model.usesIds) {
      const tellsEmpty = allowEmpty === true && clusterCommands
      return tellsEmpty ? encodeResponse(fetchStorageIds, { total: 0, entries: [] }) : ERRNO.EOPNOTSUPP
    }
    const all = this.model.groups.flatMap((g) => g.storages)
    if (startIndex > all.length) return ERRNO.EINVAL
    const entries = all.slice(startIndex).map((s) => ({ id: s.slot.id, group: s.group, address: formatAddress(addressOf(s)), rw: '' }))
    return encodeResponse(fetchStorageIds, { total: all.length, entries })
  }

  private storageByAddress(code: number, body: Buffer): Reply {
    const key = decodeBody(storageServerId.request, body)
    const group = this.groupOf(key.group)
    if (typeof group === 'number') return group
    const { clusterCommands } = this.model.generation
    const storage = group.storages.find((s) => (clusterCommands ? formatAddress(addressOf(s)) : s.slot.host) === key.address)
    if (storage === undefined) return ERRNO.ENOENT
    if (code === CODES.STORAGE_GET_SERVER_ID) return encodeResponse(storageServerId, { id: storage.wireId })
    const { host, port } = storage.slot
    return encodeResponse(storageStatus, {
      status: storage.status,
      port,
      id: storage.wireId,
      ip: host,
      ipBytes: clusterCommands ? 46 : 16
    })
  }

  private groupOfStorage(body: Buffer, peer: string): Reply {
    const { ip = peer, port } = decodeBody(storageGroupName.request, body)
    if (!this.model.usesIds) return ERRNO.EOPNOTSUPP
    const storage = this.model.groups.flatMap((g) => g.storages).find((s) => s.slot.host === ip && s.slot.port === port)
    return storage === undefined ? ERRNO.ENOENT : encodeResponse(storageGroupName, { group: storage.group })
  }

  /** 93: a record of a storage that is not in use becomes DELETED; the storage's files stay. */
  private deleteStorage(body: Buffer): Reply {
    const { group: name, storageId } = decodeBody(listStorages.request, body)
    if (storageId === undefined) return ERRNO.EINVAL
    const group = this.groupOf(name)
    const storage = typeof group === 'number' ? undefined : group.storages.find((s) => s.wireId === storageId)
    if (storage === undefined) return ERRNO.ENOENT
    const { active, online, recovery, deleted } = STORAGE_STATE
    if (storage.status === deleted) return EALREADY
    if (storage.status === active || storage.status === online || storage.status === recovery) return ERRNO.EBUSY
    storage.overrides.status = deleted
    return 0
  }

  private clusterCommand(code: number, body: Buffer): Reply {
    const { model } = this
    switch (code) {
      case CODES.GET_LEADER: {
        decodeBody(getLeader.request, body)
        const leader = this.leader()
        return leader === undefined ? ERRNO.ENOENT : encodeResponse(getLeader, { host: leader.host, port: leader.port })
      }
      case CODES.TRACKER_CLUSTER_STAT: {
        const filter = decodeBody(trackerClusterStat.request, body)
        if (!this.isLeader()) return ERRNO.EOPNOTSUPP
        const leader = this.leader()
        const trackers = model.trackers
          .map((t) => ({
            host: t.host,
            port: t.port,
            isLeader: t === leader,
            isActive: t.isRunning,
            connections: t.connections,
            version: model.generation.version,
            upTime: t.upSeconds,
            lastHeartbeatTime: this.seconds()
          }))
          .filter((t) => matches(filter.isActive, t.isActive) && matches(filter.isLeader, t.isLeader))
        return encodeResponse(trackerClusterStat, { trackers })
      }
      case CODES.STORAGE_CLUSTER_STAT: {
        const { isTrunkServer, status } = decodeBody(storageClusterStat.request, body)
        const storages = model.groups
          .flatMap((g) => g.storages.map((s) => storageStat(model, s)))
          .filter((s) => matches(isTrunkServer, false) && (status === undefined || (s.status === status.value) !== (status.not === true)))
        return encodeResponse(storageClusterStat, { usesStorageIds: model.usesIds, usesTrunkFiles: false, storages })
      }
      default: {
        const filter = decodeBody(groupStat.request, body)
        const groups = model.groups
          .map((g) => groupSpace(model, g))
          .filter(
            (g) =>
              matches(filter.isDiskAvailable, g.isDiskAvailable) &&
              matches(filter.isTrunkAvailable, g.isTrunkAvailable) &&
              matches(filter.isSpaceAvailable, g.isDiskAvailable)
          )
        return encodeResponse(groupStat, { usesTrunkFiles: false, groups })
      }
    }
  }

  private groupOf(name: string): TrackedGroup | number {
    return this.model.groups.find((g) => g.name === name) ?? ERRNO.ENOENT
  }

  private leader(): TrackedTracker | undefined {
    return this.model.trackers.find((t) => t.isRunning)
  }

  private isLeader(): boolean {
    return this.leader() === this.self()
  }

  private seconds(): number {
    return Math.floor(this.model.nowMs() / 1000)
  }
}

const EALREADY = 114

function addressOf(storage: StorageNode): { host: string; port: number } {
  return { host: storage.slot.host, port: storage.slot.port }
}

function matches(wanted: boolean | undefined, value: boolean): boolean {
  return wanted === undefined || wanted === value
}
