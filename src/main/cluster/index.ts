/** The FastDFS client as a library: what docs/client.md describes. Plain Node, no Electron, no SQLite. */
export { createStoreClient } from './store-client.ts'
export { diagnose } from './diagnose.ts'
export type { DiagnoseOptions } from './diagnose.ts'
export type {
  DownloadRequest,
  DownloadResult,
  ListedLine,
  RemoteInfo,
  StoreClient,
  StoreClientOptions,
  StoreTarget,
  UploadRequest,
  UploadResult
} from './types.ts'
export { bufferSource, fileSource, openFileSource } from '../client/file-source.ts'
export type { FileRange, OwnedByteSource } from '../client/file-source.ts'
export { fileSink } from '../client/file-sink.ts'
export type { FileSink } from '../client/file-sink.ts'
export type { ByteSink, ByteSource, Endpoint, ExchangeOptions, TransferOptions } from '../client/types.ts'
export { formatAddress, parseTrackerAddress } from '../../shared/address.ts'
export { parseFileId } from '../../shared/file-id.ts'
export { AppError } from '../../shared/errors.ts'
