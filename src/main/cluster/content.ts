import { formatAddress } from '../../shared/address.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { type FileIdFacts, parseFileId, slaveFileId } from '../../shared/file-id.ts'
import type { ByteSink, ByteSource, Endpoint, ExchangeOptions, TransferOptions } from '../client/types.ts'
import {
  type FileInfo,
  type FileRef,
  appendFile,
  downloadFile,
  modifyFile,
  putCopy,
  queryFileInfo,
  regenerateAppender,
  truncateFile,
  uploadAppender,
  uploadFile,
  uploadSlave
} from '../protocol/index.ts'
import type { Locator } from './locator.ts'
import type { Servers } from './servers.ts'
import type { DownloadRequest, DownloadResult, RemoteInfo, UploadRequest, UploadResult } from './types.ts'

/** Up to this size a tracker's answer may be used for several uploads. */
const SMALL_FILE_BYTES = 256 * 1024

/** Operations that move the content of files, and those that change appenders. See `StoreClient` for what each promises. */
export class Content {
  readonly #servers: Servers
  readonly #locator: Locator

  constructor(servers: Servers, locator: Locator) {
    this.#servers = servers
    this.#locator = locator
  }

  async upload(request: UploadRequest, source: ByteSource, options: TransferOptions): Promise<UploadResult> {
    const { group } = request
    const small = source.size <= SMALL_FILE_BYTES
    const kept = small && !request.target ? this.#locator.keptStore(group) : null
    const target = request.target ?? kept ?? (await this.#locator.store(group, options, { keep: small }))
    const { endpoint } = target
    const command = request.appender ? uploadAppender : uploadFile
    try {
      const { response, crc32 } = await this.#servers.storage(
        endpoint,
        (connection) =>
          connection.send(command, { storePathIndex: target.storePathIndex, sizeBytes: source.size, ext: request.ext }, source, options),
        { signal: options.signal, detail: { group: target.group } }
      )
      return this.#stored(response, target.group, { endpoint, sizeBytes: source.size, crc32 })
    } catch (error) {
      if (request.target || !small) throw error
      this.#locator.dropStore(group)
      // Nothing was sent, nothing was read from the source; and the answer may have been out of date.
      if (kept === null || toAppError(error).code !== 'STORAGE_UNREACHABLE') throw error
      return this.upload({ ...request, target: await this.#locator.store(group, options) }, source, options)
    }
  }

  /** Remembers who took the file. */
  #stored(named: FileRef, group: string, facts: Omit<UploadResult, 'fileId'>): UploadResult {
    if (named.group !== group)
      throw new AppError('PROTOCOL_INVALID', { detail: { reason: 'group-differs', endpoint: formatAddress(facts.endpoint) } })
    const fileId = `${named.group}/${named.remoteName}`
    this.#locator.written(fileId, facts.endpoint)
    return { fileId, ...facts }
  }

  async uploadSlave(
    masterFileId: string,
    request: { prefix: string; ext: string },
    source: ByteSource,
    options: TransferOptions
  ): Promise<UploadResult> {
    const { remoteName, group } = parseFileId(masterFileId)
    // Checks prefix and extension before anything is sent.
    const expected = slaveFileId(masterFileId, request.prefix, request.ext)
    const endpoint = await this.#locator.update(masterFileId, options)
    const { response, crc32 } = await this.#servers.storage(
      endpoint,
      (connection) => connection.send(uploadSlave, { masterName: remoteName, sizeBytes: source.size, ...request }, source, options),
      { signal: options.signal, detail: { fileId: masterFileId, name: expected } }
    )
    return this.#stored(response, group, { endpoint, sizeBytes: source.size, crc32 })
  }

  async modify(
    endpoint: Endpoint,
    fileId: string,
    offset: number,
    source: ByteSource,
    options: TransferOptions
  ): Promise<{ crc32: number }> {
    const { remoteName } = parseFileId(fileId)
    const { crc32 } = await this.#servers.storage(
      endpoint,
      (connection) => connection.send(modifyFile, { remoteName, offset, sizeBytes: source.size }, source, options),
      { signal: options.signal, detail: { fileId, offset } }
    )
    return { crc32 }
  }

  async append(endpoint: Endpoint, fileId: string, source: ByteSource, options: TransferOptions): Promise<{ crc32: number }> {
    const { remoteName } = parseFileId(fileId)
    const { crc32 } = await this.#servers.storage(
      endpoint,
      (connection) => connection.send(appendFile, { remoteName, sizeBytes: source.size }, source, options),
      { signal: options.signal, detail: { fileId } }
    )
    return { crc32 }
  }

  async truncate(endpoint: Endpoint, fileId: string, sizeBytes: number, options: ExchangeOptions): Promise<void> {
    const { remoteName } = parseFileId(fileId)
    await this.#servers.storage(
      endpoint,
      (connection) => connection.exchange(truncateFile, { remoteName, newSizeBytes: sizeBytes }, options),
      { signal: options.signal, repeatable: true, detail: { fileId } }
    )
  }

  async regenerate(endpoint: Endpoint, fileId: string, sizeBytes: number, options: ExchangeOptions): Promise<string> {
    const { remoteName, group } = parseFileId(fileId)
    const timeoutMs = this.#servers.timeLimit(sizeBytes, options)
    const renamed = await this.#servers.storage(
      endpoint,
      (connection) => connection.exchange(regenerateAppender, { remoteName }, { ...options, timeoutMs }),
      { signal: options.signal, detail: { fileId } }
    )
    if (renamed.group !== group)
      throw new AppError('PROTOCOL_INVALID', { detail: { reason: 'group-differs', endpoint: formatAddress(endpoint) } })
    const newId = `${renamed.group}/${renamed.remoteName}`
    this.#locator.forget(fileId)
    this.#locator.written(newId, endpoint)
    return newId
  }

  async putCopy(endpoint: Endpoint, fileId: string, source: ByteSource, options: TransferOptions): Promise<{ crc32: number }> {
    const { group, remoteName, createdAtSeconds } = parseFileId(fileId)
    const request = { group, remoteName, sizeBytes: source.size, timestampSeconds: createdAtSeconds }
    const { crc32 } = await this.#servers.storage(endpoint, (connection) => connection.send(putCopy, request, source, options), {
      signal: options.signal,
      detail: { fileId }
    })
    return { crc32 }
  }

  async download(fileId: string, request: DownloadRequest, sink: ByteSink, options: TransferOptions): Promise<DownloadResult> {
    const facts = parseFileId(fileId)
    const from = (endpoint: Endpoint): Promise<DownloadResult> => this.#downloadFrom(endpoint, facts, request, sink, options)
    return request.endpoint ? from(request.endpoint) : this.#locator.read(facts, options, from)
  }

  #downloadFrom(
    endpoint: Endpoint,
    facts: FileIdFacts,
    request: DownloadRequest,
    sink: ByteSink,
    options: TransferOptions
  ): Promise<DownloadResult> {
    const { offset = 0, length = facts.sizeBytes === null ? null : facts.sizeBytes - offset } = request
    if (length === null || length <= 0) return this.#downloadAfterAsking(endpoint, facts, request, sink, options)
    const { fileId, group, remoteName } = facts
    return this.#servers.storage(
      endpoint,
      async (connection) => {
        const { bytes, crc32 } = await connection.receive(downloadFile, { group, remoteName, offset, count: length }, length, sink, options)
        return { bytes, crc32, endpoint }
      },
      { signal: options.signal, detail: { fileId } }
    )
  }

  /** The server is asked for the size; or whether the file is there: it refuses an empty range, or (older ones) stalls on it. */
  async #downloadAfterAsking(
    endpoint: Endpoint,
    facts: FileIdFacts,
    request: DownloadRequest,
    sink: ByteSink,
    options: TransferOptions
  ): Promise<DownloadResult> {
    const { offset = 0 } = request
    const info = await this.#ask(endpoint, facts, { skipCrc: true }, options)
    const size = facts.sizeBytes ?? info.sizeBytes
    if (request.length === undefined && offset > size) {
      throw new AppError('SIZE_MISMATCH', { detail: { fileId: facts.fileId, expected: offset, actual: size } })
    }
    const length = request.length ?? size - offset
    if (length === 0) return { bytes: 0, crc32: 0, endpoint }
    return this.#downloadFrom(endpoint, facts, { offset, length }, sink, options)
  }

  async info(
    fileId: string,
    request: { endpoint?: Endpoint | undefined; skipCrc?: boolean | undefined; expectBytes?: number | undefined },
    options: ExchangeOptions
  ): Promise<RemoteInfo> {
    const facts = parseFileId(fileId)
    const ask = async (endpoint: Endpoint): Promise<RemoteInfo> => {
      const { skipCrc = false } = request
      // The server reads appenders and slaves for their CRC-32: how long that may take depends on the size.
      let bytes = facts.sizeBytes === null && !skipCrc ? request.expectBytes : 0
      bytes ??= (await this.#ask(endpoint, facts, { skipCrc: true }, options)).sizeBytes
      const timeoutMs = this.#servers.timeLimit(bytes, options)
      const info = await this.#ask(endpoint, facts, { skipCrc }, { ...options, timeoutMs })
      return {
        sizeBytes: info.sizeBytes,
        crc32: info.crc32,
        modifiedAtSeconds: info.modifiedAtSeconds,
        sourceAddress: info.sourceIp,
        endpoint
      }
    }
    return request.endpoint ? ask(request.endpoint) : this.#locator.read(facts, options, ask)
  }

  /** QUERY_FILE_INFO, silent: a missing file is nothing to fill the server's log with. */
  #ask(endpoint: Endpoint, facts: FileIdFacts, flags: { skipCrc: boolean }, options: ExchangeOptions): Promise<FileInfo> {
    const { group, remoteName, fileId } = facts
    return this.#servers.storage(
      endpoint,
      (connection) => connection.exchange(queryFileInfo, { group, remoteName, silent: true, ...flags }, options),
      { signal: options.signal, repeatable: true, detail: { fileId } }
    )
  }
}
