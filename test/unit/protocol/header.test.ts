import { describe, expect, it } from 'vitest'
import {
  HEADER_BYTES,
  HeaderFramer,
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestHeader,
  encodeResponseHeader
} from '../../../src/main/protocol/header.ts'
import { encodeRequest } from '../../../src/main/protocol/packet.ts'
import type { Command } from '../../../src/main/protocol/types.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const invalid = (reason: string) => expect.objectContaining({ code: 'PROTOCOL_INVALID', detail: expect.objectContaining({ reason }) })

describe('response headers', () => {
  it('are length, command 100 and status', () => {
    expect(decodeResponseHeader(hex('0000000000000028 64 00'), 40)).toEqual({ length: 40, code: 100, status: 0 })
    expect(encodeResponseHeader(0, 40)).toEqual(hex('0000000000000028 64 00'))
    expect(encodeResponseHeader(22, 0)).toEqual(hex('0000000000000000 64 16'))
  })

  it('are refused before anything is allocated for them', () => {
    expect(() => decodeResponseHeader(hex('0000000000000000 65 00'), 40)).toThrow(invalid('not-a-response'))
    expect(() => decodeResponseHeader(hex('fffffffffffffff6 64 0e'), 40)).toThrow(invalid('negative-length'))
    expect(() => decodeResponseHeader(hex('8000000000000000 64 00'), 40)).toThrow(invalid('negative-length'))
    expect(() => decodeResponseHeader(hex('0000000000000001 64 02'), 40)).toThrow(invalid('error-with-body'))
    expect(() => decodeResponseHeader(hex('0000000000000029 64 00'), 40)).toThrow(invalid('response-too-long'))
    expect(() => decodeResponseHeader(hex('7fffffffffffffff 64 00'), 2 ** 53)).toThrow(invalid('response-too-long'))
    expect(() => decodeResponseHeader(Buffer.from('HTTP/1.1 4'), 40)).toThrow(invalid('not-a-response'))
    expect(() => decodeResponseHeader(hex('0000000000000028 64'), 40)).toThrow(expect.objectContaining({ code: 'PROTOCOL_TRUNCATED' }))
  })

  it('never carry a body beside an error', () => {
    expect(() => encodeResponseHeader(2, 1)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })
})

describe('request headers', () => {
  it('carry flags in the status byte', () => {
    expect(encodeRequestHeader(22, 60, 2)).toEqual(hex('000000000000003c 16 02'))
    expect(decodeRequestHeader(hex('000000000000003c 16 02'))).toEqual({ length: 60, code: 22, status: 2 })
  })

  it('announce contents of any size', () => {
    expect(encodeRequestHeader(11, 5 * 2 ** 40)).toEqual(hex('0000050000000000 0b 00'))
  })

  it('with a negative length end the connection', () => {
    expect(() => decodeRequestHeader(hex('ffffffffffffffff 6f 00'))).toThrow(invalid('negative-length'))
  })

  it('of dangerous commands cannot be built, not even through a codec made for it', () => {
    const crash: Command<void, void> = {
      name: 'crash',
      code: 79,
      request: { encode() {}, decode() {} },
      response: { encode() {}, decode() {} },
      maxResponse: 0
    }
    expect(() => encodeRequest(crash, undefined)).toThrow(
      expect.objectContaining({ code: 'INTERNAL', detail: expect.objectContaining({ reason: 'command-not-buildable', command: 79 }) })
    )
  })

  it('refuse lengths that are none', () => {
    for (const length of [-1, 0.5, Number.NaN, 2 ** 63]) {
      expect(() => encodeRequestHeader(11, length)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
    }
  })
})

describe('HeaderFramer', () => {
  it('finds header after header in one stream, whatever the cuts', () => {
    const stream = Buffer.concat([hex('0000000000000000 6f 00'), hex('0000000000000010 68 00')])
    for (let size = 1; size <= stream.length; size++) {
      const framer = new HeaderFramer()
      const codes: number[] = []
      for (let at = 0; at < stream.length; at += size) {
        let chunk: Buffer = stream.subarray(at, at + size)
        for (;;) {
          const framed = framer.push(chunk, decodeRequestHeader)
          if (framed === null) break
          codes.push(framed.header.code)
          chunk = framed.rest
        }
      }
      expect(codes).toEqual([111, 104])
      expect(framer.idle).toBe(true)
    }
  })

  it('knows when it stands inside a header', () => {
    const framer = new HeaderFramer()
    expect(framer.idle).toBe(true)
    expect(framer.push(Buffer.alloc(HEADER_BYTES - 1), decodeRequestHeader)).toBeNull()
    expect(framer.idle).toBe(false)
  })
})
