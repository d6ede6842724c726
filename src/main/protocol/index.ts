export type { Codec, Command, ContentCommand } from './types.ts'
export { ByteReader } from './reader.ts'
export { CODES, commandName } from './codes.ts'
export {
  BodyFramer,
  HEADER_BYTES,
  HeaderFramer,
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestHeader,
  encodeResponseHeader
} from './header.ts'
export { decodeBody, decodeContentRequest, encodeRequest, encodeResponse } from './packet.ts'
export { statusError } from './status.ts'
export { isRemoteName } from './fields.ts'
export type { FileRef } from './fields.ts'
export { decodeMetadata, encodeMetadata } from './metadata.ts'

export { activeTest, quit } from './both.ts'

export { queryStoreAll, queryStoreAllInGroup, queryStoreOne, queryStoreOneInGroup } from './tracker/query-store.ts'
export type { StoreTarget } from './tracker/query-store.ts'
export { queryFetchAll, queryFetchOne, queryUpdate } from './tracker/query-fetch.ts'
export type { FetchTarget, FetchTargets } from './tracker/query-fetch.ts'
export { listAllGroups, listOneGroup } from './tracker/list-groups.ts'
export type { GroupList, GroupRecord } from './tracker/list-groups.ts'
export { listStorages } from './tracker/list-storages.ts'
export type { StorageLayout, StorageRecord } from './tracker/list-storages.ts'
export { STORAGE_STAT_NAMES, emptyStats } from './tracker/storage-stats.ts'
export { STORAGE_STATE, storageStateName } from './tracker/storage-states.ts'
export { trackerStatus } from './tracker/tracker-status.ts'
export { trackerParameters } from './tracker/tracker-parameters.ts'
export { getLeader } from './tracker/get-leader.ts'
export { groupStat, storageClusterStat, trackerClusterStat } from './tracker/cluster-stats.ts'
export { fetchStorageIds, storageServerId, storageStatus } from './tracker/storage-ids.ts'
export type { StorageIdPage } from './tracker/storage-ids.ts'
export { storageGroupName, storageMyIp } from './tracker/caller.ts'

export { uploadAppender, uploadFile } from './storage/upload-file.ts'
export { uploadSlave } from './storage/upload-slave.ts'
export { appendFile, modifyFile, regenerateAppender, truncateFile } from './storage/change-appender.ts'
export { putCopy } from './storage/put-copy.ts'
export { deleteFile } from './storage/delete-file.ts'
export { downloadFile } from './storage/download-file.ts'
export { setMetadata } from './storage/set-metadata.ts'
export { getMetadata } from './storage/get-metadata.ts'
export { fileInfoFlags, queryFileInfo } from './storage/query-file-info.ts'
export type { FileInfo } from './storage/query-file-info.ts'
export { LISTING_ANNOUNCED_BYTES, ListingParser, fetchOnePathBinlog } from './storage/fetch-one-path-binlog.ts'
export type { ListedFile } from './storage/fetch-one-path-binlog.ts'
