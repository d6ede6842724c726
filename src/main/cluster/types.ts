import type { ByteSink, ByteSource, Endpoint, ExchangeOptions, TransferOptions } from '../client/types.ts'
import type { GroupInfo, Metadata, MetadataMode, StorageInfo, TrackerInfo } from '../../shared/model.ts'

/** Where a new file goes: the answer of QUERY_STORE, after the address map. */
export interface StoreTarget {
  readonly group: string
  readonly endpoint: Endpoint
  /** Passed unchanged in byte 0 of the upload. */
  readonly storePathIndex: number
}

export interface UploadRequest {
  /** undefined: the tracker chooses. */
  group?: string | undefined
  /** Use this target instead of asking the tracker (the first chunk of an appender, several files in a row). */
  target?: StoreTarget | undefined
  /** Without dot, already sanitised to [A-Za-z0-9._-]{0,6}. */
  ext: string
  appender?: boolean | undefined
}

export interface UploadResult {
  fileId: string
  /** The storage that took the file: all later chunks go there. */
  endpoint: Endpoint
  sizeBytes: number
  /** Of the bytes sent, unsigned. */
  crc32: number
}

export interface DownloadResult {
  bytes: number
  /** Of the bytes received, unsigned. */
  crc32: number
  endpoint: Endpoint
}

export interface RemoteInfo {
  sizeBytes: number
  /** Unsigned; 0 when it was not asked for and is not in the name. */
  crc32: number
  /** mtime on that storage, Unix seconds. */
  modifiedAtSeconds: number
  sourceAddress: string
  endpoint: Endpoint
}

export interface DownloadRequest {
  offset?: number | undefined
  /** Exact number of bytes wanted; undefined = the whole rest (the size is asked first where the ID does not tell it). */
  length?: number | undefined
  /** Pin to one server (ranges of one file). */
  endpoint?: Endpoint | undefined
}

export interface ListedLine {
  timestampSeconds: number
  op: string
  /** Remote name without group: 'M00/00/00/…' */
  remoteName: string
  source: string | null
}

export interface ListOptions extends ExchangeOptions {
  /** Told once at the end: how many lines were no names that a storage makes. */
  unreadable?: (lines: number) => void
}

/**
 * Everything the rooms above may ask of one FastDFS cluster. Chooses servers by section 9 of the protocol page, applies the
 * address map, retries ENOENT of a replica at the source, fails over between trackers. Never retries a write by itself.
 * Every method rejects with AppError; an aborted one with ABORTED, after its socket is closed.
 */
export interface StoreClient {
  queryStore(group?: string, options?: ExchangeOptions): Promise<StoreTarget>
  /** The storage that must take changes of this file (QUERY_UPDATE). */
  queryUpdate(fileId: string, options?: ExchangeOptions): Promise<Endpoint>
  queryFetch(fileId: string, options?: ExchangeOptions): Promise<Endpoint>
  /** Every storage of the file's group that is active, after the address map. */
  replicas(group: string, options?: ExchangeOptions): Promise<Endpoint[]>
  /** The source storage of the file, from its ID (storage ids mapped by the tracker's list). Throws SOURCE_AWAY when it is not active. */
  source(fileId: string, options?: ExchangeOptions): Promise<Endpoint>

  upload(request: UploadRequest, source: ByteSource, options?: TransferOptions): Promise<UploadResult>
  uploadSlave(
    masterFileId: string,
    request: { prefix: string; ext: string },
    source: ByteSource,
    options?: TransferOptions
  ): Promise<UploadResult>
  /** MODIFY_FILE at an explicit offset; repeating it is harmless. */
  modify(endpoint: Endpoint, fileId: string, offset: number, source: ByteSource, options?: TransferOptions): Promise<{ crc32: number }>
  append(endpoint: Endpoint, fileId: string, source: ByteSource, options?: TransferOptions): Promise<{ crc32: number }>
  truncate(endpoint: Endpoint, fileId: string, sizeBytes: number, options?: ExchangeOptions): Promise<void>
  /** REGENERATE_APPENDER_FILENAME; returns the new file ID. sizeBytes sets the time limit. */
  regenerate(endpoint: Endpoint, fileId: string, sizeBytes: number, options?: ExchangeOptions): Promise<string>

  download(fileId: string, request: DownloadRequest, sink: ByteSink, options?: TransferOptions): Promise<DownloadResult>
  /** endpoint: ask exactly that server. skipCrc: do not make the server read the file. expectBytes sets the time limit of a CRC. */
  info(
    fileId: string,
    request?: { endpoint?: Endpoint | undefined; skipCrc?: boolean | undefined; expectBytes?: number | undefined },
    options?: ExchangeOptions
  ): Promise<RemoteInfo>
  /**
   * Command 16, as storages use it among themselves: puts a file onto one replica that missed it, under the name it has. Only for
   * content that was read from its source; a file of that size which is there already is left alone (EXISTS).
   */
  putCopy(endpoint: Endpoint, fileId: string, source: ByteSource, options?: TransferOptions): Promise<{ crc32: number }>
  /** endpoint: delete at exactly that server. */
  remove(fileId: string, options?: ExchangeOptions & { endpoint?: Endpoint | undefined }): Promise<void>
  /** {} for a file without metadata; NOT_FOUND only when the file itself is gone. */
  getMetadata(fileId: string, options?: ExchangeOptions & { endpoint?: Endpoint | undefined }): Promise<Metadata>
  setMetadata(fileId: string, metadata: Metadata, mode: MetadataMode, options?: ExchangeOptions): Promise<void>

  groups(options?: ExchangeOptions): Promise<GroupInfo[]>
  storages(group: string, options?: ExchangeOptions): Promise<StorageInfo[]>
  trackers(options?: ExchangeOptions): Promise<TrackerInfo[]>
  /** Command 26: streams every name of one store path of one storage; rejects with PROTOCOL_INVALID when the trailer does not match. */
  list(endpoint: Endpoint, group: string, storePathIndex: number, options?: ListOptions): AsyncIterable<ListedLine[]>

  close(): Promise<void>
}

export interface StoreClientOptions {
  trackers: readonly Endpoint[]
  connectTimeoutMs?: number
  networkTimeoutMs?: number
  maxConnectionsPerEndpoint?: number
  /** Address the tracker tells → address reachable from here; identity by default. Applied in one place. */
  mapAddress?: (told: Endpoint) => Endpoint
  /** A connection that nobody used for so long is closed. Default 30 s. */
  idleConnectionMs?: number
  /**
   * How long the tracker's answers are used for further small files (uploads up to 256 KiB; reads and changes of files with
   * the same source). Round robin still works: several answers are taken in turn. Default 1000, 0 = ask each time.
   */
  answerCacheMs?: number
  /** Injected for tests; monotonic milliseconds. */
  now?: () => number
}
