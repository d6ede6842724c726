import fs from 'node:fs'
import { CODES } from '../protocol/codes.ts'
import { encodeResponseHeader } from '../protocol/header.ts'
import { decodeBody, decodeContentRequest, encodeResponse } from '../protocol/packet.ts'
import { ByteReader } from '../protocol/reader.ts'
import { ERRNO } from '../protocol/status.ts'
import { appendFile, modifyFile, regenerateAppender, truncateFile } from '../protocol/storage/change-appender.ts'
import type { AppendRequest, ModifyRequest } from '../protocol/storage/change-appender.ts'
import { fetchOnePathBinlog } from '../protocol/storage/fetch-one-path-binlog.ts'
import { putCopy } from '../protocol/storage/put-copy.ts'
import type { PutCopyRequest } from '../protocol/storage/put-copy.ts'
import { fileInfoFlags, queryFileInfo } from '../protocol/storage/query-file-info.ts'
import { ANY_STORE_PATH, uploadAppender, uploadFile } from '../protocol/storage/upload-file.ts'
import { uploadSlave } from '../protocol/storage/upload-slave.ts'
import type { ContentCommand } from '../protocol/types.ts'
import { AppendSink, ModifySink, NothingSink, UploadSink, publishFresh } from './content-sinks.ts'
import type { SinkContext } from './content-sinks.ts'
import { FileBody, crcOfFile, readPacket } from './disk.ts'
import { statusOf } from './errno.ts'
import { listStorePath } from './listing.ts'
import { readName, slaveName } from './names.ts'
import { readMetadataRequest, readNamedFile } from './requests.ts'
import type { NamedFile } from './requests.ts'
import type { ContentSink, Reply, ServerRequest, Service } from './service.ts'
import type { FileStore, FoundFile } from './store.ts'

/** The rules of one generation of servers that a client can see at a storage. */
export interface StorageBehaviour {
  /** Download ranges since 6.15.4: clipped at the end of the file, an empty range is EINVAL. */
  clipsRanges: boolean
  /** Since 6.15.1: the CRC-32 of a slave is its own, and flag 1 skips computing it. */
  infoFlags: boolean
  /** Reproduces what the checklist (section 16) leaves out: echo answers, EINVAL for empty files, negative lengths. */
  quirks: boolean
}

export interface StorageServiceOptions extends SinkContext {
  readonly name: string
  readonly behaviour: StorageBehaviour
  /** IP address of a storage of the group by its id. */
  readonly addressOfId: (id: number) => string | undefined
  /** Width of the address in command 22. */
  readonly ipBytes: 16 | 46
}

const CONTENT: Record<number, ContentCommand<{ sizeBytes: number }, unknown>> = {
  [CODES.UPLOAD_FILE]: uploadFile,
  [CODES.UPLOAD_APPENDER_FILE]: uploadAppender,
  [CODES.UPLOAD_SLAVE_FILE]: uploadSlave as ContentCommand<{ sizeBytes: number }, unknown>,
  [CODES.APPEND_FILE]: appendFile as ContentCommand<{ sizeBytes: number }, unknown>,
  [CODES.SYNC_CREATE_FILE]: putCopy as ContentCommand<{ sizeBytes: number }, unknown>,
  [CODES.MODIFY_FILE]: modifyFile as ContentCommand<{ sizeBytes: number }, unknown>
}

/** Content of a download up to this size is read at once and sent in one packet with its header. */
const PACKET_BYTES = 256 * 1024
const EMPTY_ANSWER = encodeResponseHeader(0, 0)

/** Every client-facing command of a storage (protocol page, section 7) on one `FileStore`. */
export class StorageService implements Service {
  readonly name: string
  readonly maxBodyBytes = 262_133
  readonly answersTooLong = true
  readonly closesAfterInvalid = true
  readonly lengthBits = 64
  private readonly options: StorageServiceOptions
  private readonly store: FileStore

  constructor(options: StorageServiceOptions) {
    this.options = options
    this.name = options.name
    this.store = options.store
  }

  contentCommand(code: number): ContentCommand<{ sizeBytes: number }, unknown> | null {
    return CONTENT[code] ?? null
  }

  handle(request: ServerRequest, answer: (reply: Reply) => void): void {
    const { body } = request
    switch (request.code) {
      case CODES.ACTIVE_TEST:
        return answer(body.length === 0 ? EMPTY_ANSWER : ERRNO.EINVAL)
      case CODES.DELETE_FILE:
        return answer(this.remove(this.named(body)))
      case CODES.DOWNLOAD_FILE:
        return answer(this.download(body))
      case CODES.SET_METADATA:
        return answer(this.setMetadata(body))
      case CODES.GET_METADATA:
        return answer(this.getMetadata(this.named(body)))
      case CODES.QUERY_FILE_INFO:
        return this.info(this.named(body), request.flags, answer)
      case CODES.TRUNCATE_FILE:
        return answer(this.truncate(body))
      case CODES.REGENERATE_APPENDER_FILENAME:
        return this.regenerate(body, answer)
      case CODES.FETCH_ONE_PATH_BINLOG:
        return answer(this.list(body))
      default:
        return answer(ERRNO.EINVAL)
    }
  }

  // ── With content ───────────────────────────────────────────────────────────────────────────────────────────

  openContent(code: number, fixedPart: Buffer, bodyBytes: number): ContentSink | number {
    switch (code) {
      case CODES.UPLOAD_FILE:
      case CODES.UPLOAD_APPENDER_FILE: {
        const request = decodeContentRequest(uploadFile, fixedPart, bodyBytes)
        const pathIndex = request.storePathIndex === ANY_STORE_PATH ? 0 : request.storePathIndex
        if (pathIndex >= this.store.dataDirs.length) return ERRNO.EINVAL
        const publish = publishFresh(this.store, pathIndex, request.ext, code === CODES.UPLOAD_APPENDER_FILE)
        return this.options.room(request.sizeBytes) || new UploadSink(this.options, pathIndex, publish)
      }
      case CODES.UPLOAD_SLAVE_FILE:
        return this.openSlave(fixedPart, bodyBytes)
      case CODES.SYNC_CREATE_FILE:
        return this.openCopy(fixedPart, bodyBytes)
      case CODES.APPEND_FILE: {
        const request = decodeContentRequest(appendFile as ContentCommand<AppendRequest, void>, fixedPart, bodyBytes)
        const file = this.appender(request.remoteName)
        if (typeof file === 'number') return file
        if (request.sizeBytes === 0) return new NothingSink(this.echo(fixedPart))
        return new AppendSink(this.options, request.remoteName, file)
      }
      default: {
        const request = decodeContentRequest(modifyFile as ContentCommand<ModifyRequest, void>, fixedPart, bodyBytes)
        const file = this.appender(request.remoteName)
        if (typeof file === 'number') return file
        if (request.offset > file.sizeBytes) return ERRNO.EINVAL
        if (request.sizeBytes === 0) return new NothingSink(this.echo(fixedPart))
        return new ModifySink(this.options, request.remoteName, file, request.offset)
      }
    }
  }

  private openSlave(fixedPart: Buffer, bodyBytes: number): ContentSink | number {
    const { masterName, sizeBytes, prefix, ext } = decodeContentRequest(uploadSlave, fixedPart, bodyBytes)
    const master = this.store.parse(masterName)
    if (master === null || master.base.length < 28) return ERRNO.EINVAL
    const found = this.store.find(masterName)
    if (typeof found === 'number') return found
    const name = slaveName(masterName, prefix, ext)
    if (name === null) return ERRNO.EINVAL
    if (typeof this.store.find(name) !== 'number') return ERRNO.EEXIST
    const publish = (temp: string) => this.store.publishAs(temp, name) || name
    return this.options.room(sizeBytes) || new UploadSink(this.options, master.pathIndex, publish)
  }

  private openCopy(fixedPart: Buffer, bodyBytes: number): ContentSink | number {
    const request = decodeContentRequest(putCopy as ContentCommand<PutCopyRequest, void>, fixedPart, bodyBytes)
    const name = this.store.parse(request.remoteName)
    if (name === null || request.group !== this.options.group) return ERRNO.EINVAL
    const found = this.store.find(request.remoteName)
    // Not a word of it is needed, but it is on its way.
    if (typeof found !== 'number' && found.sizeBytes === request.sizeBytes) return new NothingSink(ERRNO.EEXIST)
    const publish = (temp: string) => this.store.publishCopy(temp, request.remoteName, request.timestampSeconds) || request.remoteName
    return this.options.room(request.sizeBytes) || new UploadSink(this.options, name.pathIndex, publish, () => 0)
  }

  // ── Appenders ──────────────────────────────────────────────────────────────────────────────────────────────

  /** The file if it may be changed: EINVAL for names that are no appender's, ENOENT for one that is not there. */
  private appender(remoteName: string): FoundFile | number {
    const parsed = this.store.parse(remoteName)
    if (parsed === null) return ERRNO.EINVAL
    if (readName(parsed.base, remoteName.length)?.kind !== 'appender') return ERRNO.EINVAL
    return this.store.find(remoteName)
  }

  private truncate(body: Buffer): Reply {
    const { remoteName, newSizeBytes } = decodeBody(truncateFile.request, body)
    const file = this.appender(remoteName)
    if (typeof file === 'number') return file
    if (file.sizeBytes === newSizeBytes) return this.echo(body)
    const status = this.store.truncate(remoteName, newSizeBytes)
    this.store.counters.count('truncate', status === 0)
    return status
  }

  private regenerate(body: Buffer, answer: (reply: Reply) => void): void {
    const { remoteName } = decodeBody(regenerateAppender.request, body)
    const file = this.appender(remoteName)
    if (typeof file === 'number') return answer(file)
    crcOfFile(file.path, file.sizeBytes, (error, crc32) => {
      if (!this.options.alive()) return
      if (error !== null) return answer(statusOf(error))
      try {
        const name = this.store.regenerate(remoteName, file.sizeBytes, crc32)
        answer(typeof name === 'number' ? name : encodeResponse(regenerateAppender, { group: this.options.group, remoteName: name }))
      } catch (renameError) {
        answer(statusOf(renameError))
      }
    })
  }

  /** Status 0 for a change that changes nothing. Real storages send the request's body back with it. */
  private echo(body: Buffer): Reply {
    return this.options.behaviour.quirks ? Buffer.concat([encodeResponseHeader(0, body.length), body]) : 0
  }

  // ── Files ──────────────────────────────────────────────────────────────────────────────────────────────────

  private remove(file: NamedFile | null): Reply {
    if (file === null) return ERRNO.EINVAL
    const status = this.store.remove(file.remoteName)
    this.store.counters.count('delete', status === 0)
    return status
  }

  private download(body: Buffer): Reply {
    const r = new ByteReader(body)
    const offset = r.size()
    const count = r.size()
    const file = this.checked(readNamedFile(r))
    if (file === null) return ERRNO.EINVAL
    const reply = this.range(file.remoteName, offset, count)
    this.store.counters.count('download', typeof reply !== 'number')
    return reply
  }

  private range(remoteName: string, offset: number, count: number): Reply {
    const found = this.store.find(remoteName)
    if (typeof found === 'number') return found
    const length = this.rangeLength(found.sizeBytes, offset, count)
    if (typeof length !== 'number') return length.reply
    try {
      const fd = fs.openSync(found.path, 'r')
      this.store.counters.count('file_open', true)
      this.store.counters.bytes('download', length)
      if (length > PACKET_BYTES)
        return { header: encodeResponseHeader(0, length), body: new FileBody(fd, offset, length), closeAfter: false }
      try {
        return readPacket(fd, offset, length) ?? ERRNO.EIO
      } finally {
        fs.closeSync(fd)
      }
    } catch (error) {
      return statusOf(error)
    }
  }

  /** The table of section 7.6. */
  private rangeLength(size: number, offset: number, count: number): number | { reply: Reply } {
    const { clipsRanges, quirks } = this.options.behaviour
    const left = size - offset
    if (clipsRanges) {
      if (left > 0) return count === 0 ? left : Math.min(count, left)
      const emptyFile = size === 0 && offset === 0
      return emptyFile && !quirks ? 0 : { reply: ERRNO.EINVAL }
    }
    if (count > 0) return count > left ? { reply: ERRNO.EINVAL } : count
    if (left >= 0) return left
    return { reply: quirks ? negativeLength(left) : ERRNO.EINVAL }
  }

  private setMetadata(body: Buffer): Reply {
    const { flag, metadata, ...named } = readMetadataRequest(body)
    const file = this.checked(named)
    if (file === null) return ERRNO.EINVAL
    const status = this.store.setMetadata(file.remoteName, metadata, flag)
    this.store.counters.count('set_meta', status === 0)
    return status
  }

  private getMetadata(file: NamedFile | null): Reply {
    if (file === null) return ERRNO.EINVAL
    const text = this.store.metadata(file.remoteName)
    this.store.counters.count('get_meta', typeof text !== 'number')
    return typeof text === 'number' ? text : Buffer.concat([encodeResponseHeader(0, text.length), text])
  }

  private info(file: NamedFile | null, flags: number, answer: (reply: Reply) => void): void {
    if (file === null) return answer(ERRNO.EINVAL)
    const found = this.store.find(file.remoteName)
    if (typeof found === 'number') return answer(found)
    const parsed = this.store.parse(file.remoteName)!
    const facts = readName(parsed.base, file.remoteName.length)
    const reply = (crc32: number) => answer(this.infoPacket(found, crc32, facts?.source ?? ''))
    const { infoFlags } = this.options.behaviour
    const inName = facts !== null && (facts.kind === 'normal' || (facts.kind === 'slave' && !infoFlags))
    if (inName) return reply(facts.crc32)
    if (infoFlags && fileInfoFlags(flags).skipCrc) return reply(0)
    crcOfFile(found.path, found.sizeBytes, (error, crc32) => (error === null ? reply(crc32) : answer(statusOf(error))))
  }

  private infoPacket(found: FoundFile, crc32: number, source: string | number): Buffer {
    const sourceIp = typeof source === 'string' ? source : (this.options.addressOfId(source) ?? '')
    const { sizeBytes, modifiedSeconds } = found
    return encodeResponse(queryFileInfo, {
      sizeBytes,
      modifiedAtSeconds: modifiedSeconds,
      crc32,
      sourceIp,
      ipBytes: this.options.ipBytes
    })
  }

  private list(body: Buffer): Reply {
    const { group, storePathIndex } = decodeBody(fetchOnePathBinlog.request, body)
    if (group !== this.options.group || storePathIndex >= this.store.dataDirs.length) return ERRNO.EINVAL
    return listStorePath(this.store, storePathIndex)
  }

  private named(body: Buffer): NamedFile | null {
    return this.checked(readNamedFile(new ByteReader(body)))
  }

  /** null unless the group is this storage's own. */
  private checked(file: NamedFile): NamedFile | null {
    return file.group === this.options.group ? file : null
  }
}

/** What storages up to 6.15.3 send for a range beyond the end: a negative length beside EFAULT, then nothing more. */
function negativeLength(left: number): Buffer {
  const header = Buffer.from(encodeResponseHeader(14, 0))
  header.writeBigInt64BE(BigInt(left), 0)
  return header
}
