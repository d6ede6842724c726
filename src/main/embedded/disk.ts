import fs from 'node:fs'
import zlib from 'node:zlib'
import { HEADER_BYTES, encodeResponseHeader } from '../protocol/header.ts'
import type { BodySource } from './service.ts'

const PIECE_BYTES = 512 * 1024
/** Idle buffers kept for the next stream. */
const POOLED = 8
const pool: Buffer[] = []

function takeBuffer(): Buffer {
  return pool.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES)
}

function giveBack(buffer: Buffer): void {
  if (pool.length < POOLED) pool.push(buffer)
}

/** Writes all chunks; `position` null appends. A write may take less than it was given: the rest follows. */
export function writeAll(fd: number, chunks: readonly Buffer[], position: number | null, done: (error: unknown) => void): void {
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  fs.writev(fd, chunks, position, (error, written) => {
    if (error !== null || written === total) return done(error)
    writeAll(fd, dropFirst(chunks, written), position === null ? null : position + written, done)
  })
}

function dropFirst(chunks: readonly Buffer[], bytes: number): Buffer[] {
  const rest: Buffer[] = []
  let skip = bytes
  for (const chunk of chunks) {
    if (skip < chunk.length) rest.push(chunk.subarray(skip))
    skip = Math.max(0, skip - chunk.length)
  }
  return rest
}

/** A range of a file as the body of an answer. The length was announced: a file that ends earlier breaks the connection. */
export class FileBody implements BodySource {
  private readonly fd: number
  private position: number
  private left: number
  private reading = false
  private closed = false

  constructor(fd: number, offset: number, length: number) {
    this.fd = fd
    this.position = offset
    this.left = length
  }

  pull(done: (error: unknown, piece: Buffer | null) => void): void {
    if (this.left === 0) return done(null, null)
    const buffer = takeBuffer()
    this.reading = true
    fs.read(this.fd, buffer, 0, Math.min(this.left, buffer.length), this.position, (error, bytes) => {
      this.reading = false
      if (this.closed) fs.closeSync(this.fd)
      if (error !== null || bytes === 0) {
        giveBack(buffer)
        return done(error ?? new Error('the file became shorter'), null)
      }
      this.position += bytes
      this.left -= bytes
      done(null, bytes === buffer.length ? buffer : buffer.subarray(0, bytes))
    })
  }

  release(piece: Buffer): void {
    // Pieces are views from the start of a pooled buffer.
    giveBack(piece.length === PIECE_BYTES ? piece : Buffer.from(piece.buffer, 0, PIECE_BYTES))
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    if (!this.reading) fs.closeSync(this.fd)
  }
}

/** Header and content of a small range in one packet; null when the file ends before it. */
export function readPacket(fd: number, offset: number, length: number): Buffer | null {
  const packet = Buffer.allocUnsafe(HEADER_BYTES + length)
  encodeResponseHeader(0, length).copy(packet)
  let at = 0
  while (at < length) {
    const bytes = fs.readSync(fd, packet, HEADER_BYTES + at, length - at, offset + at)
    if (bytes === 0) return null
    at += bytes
  }
  return packet
}

/** CRC-32 of the first `length` bytes. */
export function crcOfFile(path: string, length: number, done: (error: unknown, crc32: number) => void): void {
  fs.open(path, 'r', (openError, fd) => {
    if (openError !== null) return done(openError, 0)
    const buffer = takeBuffer()
    let crc32 = 0
    let at = 0
    const finish = (error: unknown) => {
      fs.closeSync(fd)
      giveBack(buffer)
      done(error, crc32)
    }
    const next = () => {
      if (at >= length) return finish(null)
      fs.read(fd, buffer, 0, Math.min(buffer.length, length - at), at, (error, bytes) => {
        if (error !== null || bytes === 0) return finish(error ?? new Error('the file became shorter'))
        crc32 = zlib.crc32(buffer.subarray(0, bytes), crc32)
        at += bytes
        next()
      })
    }
    next()
  })
}
