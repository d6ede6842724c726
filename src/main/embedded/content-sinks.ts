import fs from 'node:fs'
import zlib from 'node:zlib'
import { encodeResponse } from '../protocol/packet.ts'
import { uploadFile } from '../protocol/storage/upload-file.ts'
import { writeAll } from './disk.ts'
import { statusOf } from './errno.ts'
import type { ContentSink, Reply } from './service.ts'
import type { FileStore, FoundFile, NewFileFacts } from './store.ts'

/** What sinks need of their storage. */
export interface SinkContext {
  readonly group: string
  readonly store: FileStore
  /** false after a kill: nothing is cleaned up, as if the process had died. */
  readonly alive: () => boolean
  /** Status for writing this many more bytes: 0, or ENOSPC. */
  readonly room: (bytes: number) => number
}

/** How a complete file becomes visible: its remote name, or a status. */
export type Publish = (temp: string, sizeBytes: number, crc32: number) => string | number

/** New content: written to a temporary file, published when complete, removed when it never is (11, 16, 21, 23). */
export class UploadSink implements ContentSink {
  readonly parallel = 3
  private readonly context: SinkContext
  private readonly temp: string
  private readonly publish: Publish
  private readonly reply: (remoteName: string) => Reply
  private fd = -1
  private position = 0
  private crc32 = 0
  private writes = 0
  private aborted = false

  constructor(context: SinkContext, pathIndex: number, publish: Publish, reply?: (remoteName: string) => Reply) {
    this.context = context
    this.temp = context.store.newTemp(pathIndex)
    this.publish = publish
    this.reply = reply ?? ((remoteName) => encodeResponse(uploadFile, { group: context.group, remoteName }))
  }

  takeWhole(content: Buffer): Reply {
    try {
      fs.writeFileSync(this.temp, content)
      return this.complete(content.length, zlib.crc32(content))
    } catch (error) {
      return this.failed(error, content.length)
    }
  }

  write(chunks: readonly Buffer[], bytes: number, done: (status: number) => void): void {
    const noRoom = this.context.room(bytes)
    if (noRoom !== 0) return done(noRoom)
    try {
      if (this.fd < 0) this.fd = fs.openSync(this.temp, 'wx')
    } catch (error) {
      return done(statusOf(error))
    }
    for (const chunk of chunks) this.crc32 = zlib.crc32(chunk, this.crc32)
    this.writes += 1
    writeAll(this.fd, chunks, this.position, (error) => {
      this.writes -= 1
      if (this.aborted) return this.cleanUp()
      done(error === null ? 0 : statusOf(error))
    })
    this.position += bytes
  }

  finish(done: (reply: Reply) => void): void {
    try {
      fs.closeSync(this.fd)
      this.fd = -1
      done(this.complete(this.position, this.crc32))
    } catch (error) {
      done(this.failed(error, this.position))
    }
  }

  abort(): void {
    this.aborted = true
    this.context.store.counters.count('upload', false)
    this.cleanUp()
  }

  private cleanUp(): void {
    if (this.writes > 0) return
    if (this.fd >= 0) fs.closeSync(this.fd)
    this.fd = -1
    if (this.context.alive()) fs.rmSync(this.temp, { force: true })
  }

  private complete(sizeBytes: number, crc32: number): Reply {
    const { store } = this.context
    const name = this.publish(this.temp, sizeBytes, crc32)
    if (typeof name === 'number') fs.rmSync(this.temp, { force: true })
    store.counters.count('upload', typeof name === 'string')
    store.counters.bytes('upload', sizeBytes, typeof name === 'string' ? sizeBytes : 0)
    store.counters.count('file_write', true)
    return typeof name === 'number' ? name : this.reply(name)
  }

  private failed(error: unknown, bytes: number): number {
    this.context.store.counters.count('upload', false)
    this.context.store.counters.bytes('upload', bytes, 0)
    fs.rmSync(this.temp, { force: true })
    return statusOf(error)
  }
}

/** A file made of new content under a fresh name. */
export function publishFresh(store: FileStore, pathIndex: number, ext: string, appender: boolean): Publish {
  return (temp, sizeBytes, crc32) => {
    const facts: NewFileFacts = { sizeBytes: appender ? null : sizeBytes, crc32, ext }
    return store.publishNew(temp, pathIndex, facts)
  }
}

/**
 * Content added to the end (24). The bytes are visible while they come in; unless all of them arrive, the file is cut back
 * to the size it had when the request began, whatever was appended meanwhile. A mark on disk lets the next start do the same.
 */
export class AppendSink implements ContentSink {
  readonly parallel = 1
  private readonly context: SinkContext
  private readonly remoteName: string
  private readonly file: FoundFile
  private readonly forgetMark: () => void
  private readonly fd: number
  private bytes = 0
  private writing = false
  private aborted = false

  constructor(context: SinkContext, remoteName: string, file: FoundFile) {
    this.context = context
    this.remoteName = remoteName
    this.file = file
    this.forgetMark = context.store.beginAppend(remoteName, file)
    this.fd = fs.openSync(file.path, 'a')
  }

  takeWhole(content: Buffer): Reply {
    const noRoom = this.context.room(content.length)
    if (noRoom !== 0) {
      this.abort()
      return noRoom
    }
    try {
      fs.writeFileSync(this.fd, content)
    } catch (error) {
      this.abort()
      return statusOf(error)
    }
    this.bytes = content.length
    return this.complete()
  }

  write(chunks: readonly Buffer[], bytes: number, done: (status: number) => void): void {
    const noRoom = this.context.room(bytes)
    if (noRoom !== 0) return done(noRoom)
    this.writing = true
    writeAll(this.fd, chunks, null, (error) => {
      this.writing = false
      if (this.aborted) return this.cutBack()
      this.bytes += bytes
      done(error === null ? 0 : statusOf(error))
    })
  }

  finish(done: (reply: Reply) => void): void {
    done(this.complete())
  }

  abort(): void {
    this.aborted = true
    this.context.store.counters.count('append', false)
    if (!this.writing) this.cutBack()
  }

  private cutBack(): void {
    if (this.context.alive()) {
      fs.ftruncateSync(this.fd, this.file.sizeBytes)
      this.forgetMark()
    }
    fs.closeSync(this.fd)
  }

  private complete(): Reply {
    const { store } = this.context
    fs.closeSync(this.fd)
    store.journal.note('A', this.remoteName, `${this.file.sizeBytes} ${this.bytes}`)
    this.forgetMark()
    store.counters.count('append', true)
    store.counters.bytes('append', this.bytes)
    store.touchedBySource()
    return 0
  }
}

/** Content written over or behind what is there, at an explicit offset (34). What arrived stays, whatever happens. */
export class ModifySink implements ContentSink {
  readonly parallel = 3
  private readonly context: SinkContext
  private readonly remoteName: string
  private readonly offset: number
  private readonly fd: number
  private position: number
  private writes = 0
  private aborted = false

  constructor(context: SinkContext, remoteName: string, file: FoundFile, offset: number) {
    this.context = context
    this.remoteName = remoteName
    this.offset = offset
    this.position = offset
    this.fd = fs.openSync(file.path, 'r+')
  }

  takeWhole(content: Buffer): Reply {
    const noRoom = this.context.room(content.length)
    if (noRoom !== 0) {
      this.abort()
      return noRoom
    }
    try {
      for (let at = 0; at < content.length;) at += fs.writeSync(this.fd, content, at, content.length - at, this.offset + at)
    } catch (error) {
      this.abort()
      return statusOf(error)
    }
    this.position += content.length
    return this.complete()
  }

  write(chunks: readonly Buffer[], bytes: number, done: (status: number) => void): void {
    const noRoom = this.context.room(bytes)
    if (noRoom !== 0) return done(noRoom)
    this.writes += 1
    writeAll(this.fd, chunks, this.position, (error) => {
      this.writes -= 1
      if (this.aborted) return this.closeWhenIdle()
      done(error === null ? 0 : statusOf(error))
    })
    this.position += bytes
  }

  finish(done: (reply: Reply) => void): void {
    done(this.complete())
  }

  /** No record is written, so the replicas keep what they have until the same modify is sent again. */
  abort(): void {
    this.aborted = true
    this.context.store.counters.count('modify', false)
    this.closeWhenIdle()
  }

  private closeWhenIdle(): void {
    if (this.writes === 0) fs.closeSync(this.fd)
  }

  private complete(): Reply {
    const { store } = this.context
    fs.closeSync(this.fd)
    store.journal.note('M', this.remoteName, `${this.offset} ${this.position - this.offset}`)
    store.counters.count('modify', true)
    store.counters.bytes('modify', this.position - this.offset)
    store.touchedBySource()
    return 0
  }
}

/** Takes content that changes nothing and answers what it was told. */
export class NothingSink implements ContentSink {
  readonly parallel = 1
  private readonly reply: Reply

  constructor(reply: Reply) {
    this.reply = reply
  }

  takeWhole(): Reply {
    return this.reply
  }

  write(_chunks: readonly Buffer[], _bytes: number, done: (status: number) => void): void {
    setImmediate(done, 0)
  }

  finish(done: (reply: Reply) => void): void {
    done(this.reply)
  }

  abort(): void {}
}
