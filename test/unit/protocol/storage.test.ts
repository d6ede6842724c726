import { describe, expect, it } from 'vitest'
import {
  ByteReader,
  HEADER_BYTES,
  ListingParser,
  appendFile,
  decodeBody,
  decodeContentRequest,
  decodeMetadata,
  deleteFile,
  downloadFile,
  encodeMetadata,
  encodeRequest,
  encodeResponse,
  getMetadata,
  isRemoteName,
  modifyFile,
  queryFileInfo,
  setMetadata,
  truncateFile,
  uploadFile,
  uploadSlave
} from '../../../src/main/protocol/index.ts'
import { encodeListing } from './vectors.ts'

const NAME = 'M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s387.jpg'
const invalid = (reason: string) => expect.objectContaining({ code: 'PROTOCOL_INVALID', detail: expect.objectContaining({ reason }) })
const body = (packet: Buffer) => packet.subarray(HEADER_BYTES)

describe('names that arrive', () => {
  it('never lead out of their directory', () => {
    for (const name of [
      'M00/00/00/..',
      'M00/00/00/.',
      'M00/00/00/../../../../etc/passwd',
      'M00/00/../../x',
      '/etc/passwd',
      'M00/00/00/a\\b',
      'M00/00/00/a:stream',
      'M00/00/00/a\0.jpg',
      'M00/00/00/文件',
      'm00/00/00/abc',
      'M00/0a/00/abcdef',
      'M00/00/00/',
      '00/00/ab',
      ''
    ]) {
      expect(isRemoteName(name)).toBe(false)
      const request = Buffer.concat([Buffer.from('group1'.padEnd(16, '\0')), Buffer.from(name)])
      expect(() => decodeBody(deleteFile.request, request)).toThrow(expect.objectContaining({ code: 'PROTOCOL_INVALID' }))
    }
    expect(isRemoteName(NAME)).toBe(true)
    expect(isRemoteName('00/00/fwAAA2sDCqKADjaBAAAAETp_S8s387.jpg')).toBe(true)
    expect(isRemoteName(`${NAME}-m`)).toBe(true)
  })

  it('and length fields stay within the body and 127', () => {
    const request = Buffer.from(body(encodeRequest(appendFile, { remoteName: NAME, sizeBytes: 8 })))
    for (const length of [0n, 43n, 128n, 2n ** 31n]) {
      request.writeBigInt64BE(length, 0)
      expect(() => appendFile.fixedBytes(new ByteReader(request.subarray(0, 16)))).toThrow(invalid('bad-name-length'))
    }
    request.writeBigInt64BE(2n ** 62n, 0)
    expect(() => decodeContentRequest(appendFile, request, request.length + 8)).toThrow(invalid('integer-too-large'))
    request.writeBigInt64BE(100n, 0)
    expect(() => decodeContentRequest(appendFile, request, request.length + 8)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_TRUNCATED' })
    )
  })
})

describe('uploads', () => {
  it('refuse extensions and prefixes that a storage refuses', () => {
    const bad = expect.objectContaining({ code: 'INPUT_INVALID' })
    for (const ext of ['jpeg200', 'a/b', 'a b', 'é']) {
      expect(() => encodeRequest(uploadFile, { storePathIndex: 0, sizeBytes: 1, ext })).toThrow(bad)
    }
    const slave = { masterName: NAME, sizeBytes: 1, prefix: '_s', ext: 'jpg' }
    expect(() => encodeRequest(uploadSlave, { ...slave, prefix: '' })).toThrow(bad)
    expect(() => encodeRequest(uploadSlave, { ...slave, prefix: '-m', ext: '' })).toThrow(bad)
    expect(() => encodeRequest(uploadSlave, { ...slave, prefix: 'a'.repeat(17) })).toThrow(bad)
    expect(() => encodeRequest(uploadFile, { storePathIndex: 256, sizeBytes: 1, ext: '' })).toThrow(bad)
    expect(() => encodeRequest(uploadFile, { storePathIndex: 0, sizeBytes: -1, ext: '' })).toThrow(bad)
  })

  it('announce fixed part and content together', () => {
    const packet = encodeRequest(uploadFile, { storePathIndex: 0, sizeBytes: 5_000_000_000, ext: 'bin' })
    expect(packet.length).toBe(25)
    expect(packet.readBigInt64BE(0)).toBe(5_000_000_015n)
  })

  it('take an answer in which a random digit came out as a colon', () => {
    const remoteName = 'M00/0F/54/fwAACGsDeKOAflzeAAAQAM5-rrc63:.bin'
    const answer = Buffer.concat([Buffer.from('group2'.padEnd(16, '\0')), Buffer.from(remoteName)])
    expect(decodeBody(uploadFile.response, answer)).toEqual({ group: 'group2', remoteName })
  })

  it('are answered with a name that has its store path', () => {
    const answer = Buffer.concat([Buffer.from('group1'.padEnd(16, '\0')), Buffer.from(NAME.slice(4))])
    expect(() => decodeBody(uploadFile.response, answer)).toThrow(invalid('name-without-store-path'))
  })
})

describe('changes of appenders', () => {
  it('take an echo of the request for an empty answer', () => {
    const packet = encodeRequest(truncateFile, { remoteName: NAME, newSizeBytes: 5 })
    expect(decodeBody(truncateFile.response, body(packet))).toBeUndefined()
    expect(decodeBody(modifyFile.response, Buffer.alloc(24 + 127))).toBeUndefined()
    expect(modifyFile.maxResponse).toBe(151)
  })
})

describe('downloads', () => {
  it('of negative ranges are neither built nor taken', () => {
    expect(() => encodeRequest(downloadFile, { group: 'group1', remoteName: NAME, offset: -1, count: 0 })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' })
    )
    const request = Buffer.from(body(encodeRequest(downloadFile, { group: 'group1', remoteName: NAME, offset: 0, count: 0 })))
    request.writeBigInt64BE(-1n, 8)
    expect(() => decodeBody(downloadFile.request, request)).toThrow(invalid('negative-size'))
  })
})

describe('file information', () => {
  it('carries its flags in the header', () => {
    const flags = (more: object) => encodeRequest(queryFileInfo, { group: 'group1', remoteName: NAME, ...more })[9]
    expect([flags({}), flags({ skipCrc: true }), flags({ silent: true }), flags({ silent: true, skipCrc: true })]).toEqual([0, 1, 2, 3])
  })

  it('takes the low 32 bits of the checksum, sign-extended or not', () => {
    // size 12 | time | crc32 af083b2d | "127.0.0.13"
    const answer = (crc: string) => Buffer.from(`000000000000000c000000006b03084d${crc}3132372e302e302e3133000000000000`, 'hex')
    expect(decodeBody(queryFileInfo.response, answer('ffffffffaf083b2d')).crc32).toBe(0xaf083b2d)
    expect(decodeBody(queryFileInfo.response, answer('00000000af083b2d')).crc32).toBe(0xaf083b2d)
  })
})

describe('metadata', () => {
  it('is name, 0x02, value, with 0x01 between records and nothing at the end', () => {
    expect(encodeMetadata({ a: '1', b: '2' }).toString('latin1')).toBe('a\u00021\u0001b\u00022')
    expect(encodeMetadata({})).toHaveLength(0)
    expect(encodeMetadata({ 标题: '文件' }).toString('hex')).toBe('e6a087e9a29802e69687e4bbb6')
  })

  it('is answered in the order of bytes, whatever order the keys have in memory', () => {
    const answer = body(encodeResponse(getMetadata, { b: '', 2: '', a: '', 10: '', 文: '', Z: '' }))
    expect(answer.toString().replaceAll('\u0002\u0001', ' ')).toBe('10 2 Z a b 文\u0002')
  })

  it('is refused where a server would cut or damage it', () => {
    const code = (value: Record<string, string>) => {
      try {
        encodeMetadata(value)
        return 'ok'
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect(code({ ['k'.repeat(64)]: 'v'.repeat(256) })).toBe('ok')
    expect(code({ ['k'.repeat(65)]: '' })).toBe('METADATA_TOO_LONG')
    expect(code({ k: 'v'.repeat(257) })).toBe('METADATA_TOO_LONG')
    // 22 characters of 3 bytes each
    expect(code({ ['文'.repeat(22)]: '' })).toBe('METADATA_TOO_LONG')
    expect(code({ k: '😀'.repeat(65) })).toBe('METADATA_TOO_LONG')
    for (const bad of ['\0', '\u0001', '\u0002', '\ud800']) {
      expect(code({ k: `a${bad}b` })).toBe('METADATA_INVALID')
      expect(code({ [`a${bad}b`]: 'v' })).toBe('METADATA_INVALID')
    }
    expect(code({ '': 'v' })).toBe('METADATA_INVALID')
  })

  it('says which key is wrong', () => {
    expect(() => encodeMetadata({ fine: '1', wrong: 'x'.repeat(300) })).toThrow(
      expect.objectContaining({ detail: { name: 'wrong', part: 'value', bytes: 300, maxBytes: 256 } })
    )
  })

  it('of other programs is read as far as it means something', () => {
    const read = (text: string) => decodeMetadata(Buffer.from(text, 'latin1'))
    expect(read('a\u00021\u0001')).toEqual({ a: '1' })
    expect(read('justtext')).toEqual({})
    expect(read('\u0001\u0001\0\u0001a\u00021')).toEqual({ a: '1' })
    expect(read('a\u0002x\u0002y')).toEqual({ a: 'x\u0002y' })
    expect(read('b\u00021\0')).toEqual({ b: '1' })
    expect(read('\u0002v')).toEqual({})
    expect(read('a\u00021\u0001a\u00022')).toEqual({ a: '2' })
    expect(read('a\u0002')).toEqual({ a: '' })
    expect(Object.keys(read('__proto__\u0002x'))).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('keeps a byte order mark and survives bytes that are not UTF-8', () => {
    expect(decodeMetadata(encodeMetadata({ a: '\ufeffx' }))).toEqual({ a: '\ufeffx' })
    expect(decodeMetadata(Buffer.from('6102ff', 'hex'))).toEqual({ a: '\ufffd' })
  })

  it('of one request stays below 256 KiB in all', () => {
    const metadata = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, 'v'.repeat(256)]))
    const request = { group: 'group1', remoteName: NAME, mode: 'merge' as const, metadata }
    expect(encodeRequest(setMetadata, request).length).toBeLessThan(262_144)
    const more = Object.fromEntries(Array.from({ length: 1100 }, (_, i) => [`k${i}`, 'v'.repeat(256)]))
    expect(() => encodeRequest(setMetadata, { ...request, metadata: more })).toThrow(expect.objectContaining({ code: 'METADATA_TOO_LONG' }))
  })

  it('is refused by the server side where storing it would lose something', () => {
    const packet = (bytes: Buffer) => {
      const head = Buffer.from(body(encodeRequest(setMetadata, { group: 'group1', remoteName: NAME, mode: 'merge', metadata: {} })))
      head.writeBigInt64BE(BigInt(bytes.length), 8)
      return Buffer.concat([head, bytes])
    }
    for (const text of [
      'justtext',
      'a\u00021\u0001a\u00022',
      'a\u00021\0',
      `k\u0002${'v'.repeat(257)}`,
      'a\u0002x\u0002y',
      'a\u0002\u00ff'
    ]) {
      expect(() => decodeBody(setMetadata.request, packet(Buffer.from(text, 'latin1')))).toThrow(invalid('bad-metadata'))
    }
    expect(decodeBody(setMetadata.request, packet(Buffer.from('b\u00021\u0001a\u00022\u0001'))).metadata).toEqual({ a: '2', b: '1' })
  })
})

describe('listings', () => {
  const files = [
    { timestamp: 1_795_359_935, remoteName: NAME },
    { timestamp: 1_795_359_936, remoteName: `${NAME}-m` },
    { timestamp: 1_795_359_937, remoteName: 'M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s388.jpg', linkTo: NAME }
  ]

  it('are the same whatever the cuts', () => {
    const stream = encodeListing(files)
    for (let cut = 0; cut <= stream.length; cut++) {
      const parser = new ListingParser()
      expect([...parser.push(stream.subarray(0, cut)), ...parser.push(stream.subarray(cut))]).toEqual(files)
      parser.finish()
    }
    const parser = new ListingParser()
    expect([...stream].flatMap((byte) => parser.push(Buffer.of(byte)))).toEqual(files)
    parser.finish()
  })

  it('that stop early are truncated, at whatever byte', () => {
    const stream = encodeListing(files)
    for (let cut = 0; cut < stream.length; cut++) {
      const parser = new ListingParser()
      parser.push(stream.subarray(0, cut))
      expect(() => parser.finish()).toThrow(expect.objectContaining({ code: 'PROTOCOL_TRUNCATED' }))
    }
  })

  it('without files have a trailer only', () => {
    const parser = new ListingParser()
    expect(parser.push(encodeListing([]))).toEqual([])
    expect(() => parser.finish()).not.toThrow()
  })

  it('skip and count lines that name no file', () => {
    const text = `1 C ../../etc/passwd\n1 D ${NAME}\nnonsense\n1 L  ${NAME}\n2 c ${NAME}\n`
    const parser = new ListingParser()
    const trailer = Buffer.alloc(8)
    trailer.writeBigInt64BE(BigInt(text.length))
    expect(parser.push(Buffer.concat([Buffer.from(text), trailer]))).toEqual([{ timestamp: 2, remoteName: NAME }])
    parser.finish()
    expect(parser.skipped).toBe(4)
  })

  it('with a line that never ends are refused', () => {
    const parser = new ListingParser()
    expect(() => {
      for (let i = 0; i < 100; i++) parser.push(Buffer.alloc(100, 0x61))
    }).toThrow(invalid('endless-line'))
  })
})
