import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ByteReader,
  CODES,
  HEADER_BYTES,
  decodeBody,
  decodeContentRequest,
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequest,
  encodeResponse
} from '../../../src/main/protocol/index.ts'
import type { Command, ContentCommand } from '../../../src/main/protocol/index.ts'
import { CASES } from './arbitraries.ts'

function isContent(command: Command<any, any>): command is ContentCommand<any, any> {
  return 'fixedBytes' in command
}

function contentBytes(command: Command<any, any>, value: any): number {
  return isContent(command) ? value.sizeBytes : 0
}

function readRequest(command: Command<any, any>, body: Buffer, announced: number): unknown {
  if (!isContent(command)) return decodeBody(command.request, body)
  const fixed = command.fixedBytes(new ByteReader(body.subarray(0, command.headBytes)))
  return decodeContentRequest(command, body.subarray(0, fixed), announced)
}

describe('every command', () => {
  it('is in the table of properties', () => {
    expect(CASES.map((c) => c.command.code).sort((a, b) => a - b)).toEqual(Object.values(CODES).sort((a, b) => a - b))
  })

  for (const { command, request, response } of CASES) {
    it(`${command.name}: a request is read as it was written`, () => {
      fc.assert(
        fc.property(request, (value) => {
          // The largest sizes of content do not fit behind the fixed part any more.
          fc.pre(!isContent(command) || value.sizeBytes < Number.MAX_SAFE_INTEGER - 300)
          const packet = encodeRequest(command, value)
          const header = decodeRequestHeader(packet)
          const body = packet.subarray(HEADER_BYTES)
          expect(header.code).toBe(command.code)
          expect(header.length).toBe(body.length + contentBytes(command, value))
          expect(readRequest(command, body, header.length)).toEqual(value)
        })
      )
    })

    it(`${command.name}: a response is read as it was written, within its limit`, () => {
      fc.assert(
        fc.property(response, (value) => {
          const packet = encodeResponse(command, value)
          const header = decodeResponseHeader(packet, command.maxResponse)
          expect(header).toEqual({ length: packet.length - HEADER_BYTES, code: 100, status: 0 })
          expect(decodeBody(command.response, packet.subarray(HEADER_BYTES))).toEqual(value)
        })
      )
    })
  }
})

describe('content', () => {
  for (const { command, request } of CASES.filter((c) => isContent(c.command))) {
    it(`${command.name}: a length that disagrees with the content is refused`, () => {
      const [value] = fc.sample(request, { numRuns: 1, seed: 3 })
      const body = encodeRequest(command, { ...value, sizeBytes: 10 }).subarray(HEADER_BYTES)
      for (const announced of [0, body.length, body.length + 9, body.length + 11]) {
        expect(() => readRequest(command, body, announced)).toThrow(expect.objectContaining({ code: 'PROTOCOL_INVALID' }))
      }
    })
  }
})

describe('the largest legal answers', () => {
  const cases: [name: string, response: any, bytes: number][] = [
    ['queryStoreAll', { group: 'g', servers: many(32), storePathIndex: 0, ipWidth: 45 }, 1713],
    ['queryFetchAll', { group: 'g', servers: many(32), ipWidth: 45 }, 1712],
    ['queryStoreOne', { group: 'g', host: '::1', port: 1, storePathIndex: 0, ipWidth: 45 }, 70],
    ['queryFetchOne', { group: 'g', host: '::1', port: 1, ipWidth: 45 }, 69]
  ]

  for (const [name, value, bytes] of cases) {
    it(`${name} takes ${bytes} bytes and not one more`, () => {
      const { command } = CASES.find((c) => c.command.name === name)!
      const packet = encodeResponse(command, value)
      expect(packet.length - HEADER_BYTES).toBe(bytes)
      expect(command.maxResponse).toBe(bytes)
      const longer = Buffer.from(packet)
      longer.writeBigInt64BE(BigInt(bytes + 1), 0)
      expect(() => decodeResponseHeader(longer, command.maxResponse)).toThrow(
        expect.objectContaining({ code: 'PROTOCOL_INVALID', detail: expect.objectContaining({ reason: 'response-too-long' }) })
      )
    })
  }

  it('33 servers are refused even where the bytes would fit', () => {
    const { command } = CASES.find((c) => c.command.name === 'queryStoreAll')!
    const packet = encodeResponse(command, { group: 'g', servers: many(33, '10.0.0.1'), storePathIndex: 0, ipWidth: 15 })
    expect(packet.length - HEADER_BYTES).toBeLessThan(command.maxResponse)
    expect(() => decodeBody(command.response, packet.subarray(HEADER_BYTES))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_INVALID', detail: expect.objectContaining({ reason: 'too-many-servers' }) })
    )
  })
})

function many(count: number, host = '2001:db8::1'): { host: string; port: number }[] {
  return Array.from({ length: count }, () => ({ host, port: 23_000 }))
}
