export type { Codec, Command, ContentCommand } from './types.ts'
export { ByteReader } from './reader.ts'
export { ByteWriter } from './writer.ts'
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
export type { Header } from './header.ts'
export { decodeBody, decodeContentRequest, encodeErrorResponse, encodeRequest, encodeResponse } from './packet.ts'
export { ERRNO, statusError } from './status.ts'
export type { StatusContext } from './status.ts'
export { MAX_STORAGE_BODY, MAX_TRACKER_BODY, isExt, isGroup, isRemoteName, isSlavePrefix } from './fields.ts'
export type { FileRef, ServerAddress } from './fields.ts'
export { MAX_METADATA_NAME_BYTES, MAX_METADATA_VALUE_BYTES, decodeMetadata, encodeMetadata } from './metadata.ts'

export { activeTest, quit } from './both.ts'

export { queryStoreAll, queryStoreAllInGroup, queryStoreOne, queryStoreOneInGroup } from './tracker/query-store.ts'
export type { StoreTarget, StoreTargets } from './tracker/query-store.ts'
export { queryFetchAll, queryFetchOne, queryUpdate } from './tracker/query-fetch.ts'
export type { FetchTarget, FetchTargets } from './tracker/query-fetch.ts'
export type { IpWidth } from './tracker/addresses.ts'
export { listAllGroups, listOneGroup } from './tracker/list-groups.ts'
export type { GroupLayout, GroupList, GroupRecord } from './tracker/list-groups.ts'
export { listStorages } from './tracker/list-storages.ts'
export type { StorageLayout, StorageList, StorageRecord } from './tracker/list-storages.ts'
export { STORAGE_STAT_NAMES, emptyStats } from './tracker/storage-stats.ts'
export type { StorageStatName, StorageStats } from './tracker/storage-stats.ts'
export { STORAGE_STATE, storageStateName } from './tracker/storage-states.ts'
export { trackerStatus } from './tracker/tracker-status.ts'
export type { TrackerStatus } from './tracker/tracker-status.ts'
export { trackerParameters } from './tracker/tracker-parameters.ts'
export { getLeader } from './tracker/get-leader.ts'
export { groupStat, storageClusterStat, trackerClusterStat } from './tracker/cluster-stats.ts'
export type {
  Connections,
  GroupSpace,
  GroupSpaceFilter,
  StorageFilter,
  StorageStat,
  StorageStatList,
  TrackerFilter,
  TrackerStat
} from './tracker/cluster-stats.ts'
export { fetchStorageIds, storageServerId, storageStatus } from './tracker/storage-ids.ts'
export type { StorageIdEntry, StorageIdPage, StorageKey, StorageStatusRecord } from './tracker/storage-ids.ts'
export { storageGroupName, storageMyIp } from './tracker/caller.ts'

export { ANY_STORE_PATH, uploadAppender, uploadFile } from './storage/upload-file.ts'
export type { UploadRequest } from './storage/upload-file.ts'
export { uploadSlave } from './storage/upload-slave.ts'
export type { UploadSlaveRequest } from './storage/upload-slave.ts'
export { appendFile, modifyFile, regenerateAppender, truncateFile } from './storage/change-appender.ts'
export type { AppendRequest, ModifyRequest, TruncateRequest } from './storage/change-appender.ts'
export { deleteFile } from './storage/delete-file.ts'
export { downloadFile } from './storage/download-file.ts'
export type { DownloadRequest } from './storage/download-file.ts'
export { setMetadata } from './storage/set-metadata.ts'
export type { SetMetadataRequest } from './storage/set-metadata.ts'
export { getMetadata } from './storage/get-metadata.ts'
export { fileInfoFlags, queryFileInfo } from './storage/query-file-info.ts'
export type { FileInfo, FileInfoRequest } from './storage/query-file-info.ts'
export {
  LISTING_ANNOUNCED_BYTES,
  LISTING_TRAILER_BYTES,
  ListingParser,
  encodeListing,
  fetchOnePathBinlog
} from './storage/fetch-one-path-binlog.ts'
export type { ListedFile } from './storage/fetch-one-path-binlog.ts'
