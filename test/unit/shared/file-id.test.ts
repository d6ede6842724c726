import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFileName, isFileId, parseFileId, sanitiseExt, slaveFileId, tryParseFileId } from '../../../src/shared/file-id.ts'
import type { FileNameParts } from '../../../src/shared/file-id.ts'

interface Captured {
  fileId: string
  kind: string
  decoded: Record<string, any>
  fdfsFileInfo: Record<string, any> | undefined
  slaveOf?: string
  prefixName?: string
  slaveExt?: string
}

const captured = (
  JSON.parse(readFileSync(new URL('../../fixtures/vectors/file-ids.json', import.meta.url), 'utf8')) as { fileIds: Captured[] }
).fileIds

const NORMAL = 'group1/M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s387.jpg'

/** What the names of the capture call a file, in our words. */
const KINDS: Record<string, string> = { regenerated: 'normal', 'slave-of-appender': 'appender' }

describe('the 64 IDs made by real servers', () => {
  it('are all there', () => {
    expect(captured.length).toBe(64)
  })

  for (const v of captured) {
    const known = ['normal', 'regenerated', 'trunk'].includes(v.kind)

    it(`${v.fileId} is decoded`, () => {
      const facts = parseFileId(v.fileId)
      expect(facts).toMatchObject({
        fileId: v.fileId,
        group: v.decoded.groupName,
        remoteName: v.fileId.slice(v.fileId.indexOf('/') + 1),
        storePathIndex: v.decoded.storePathIndex,
        kind: KINDS[v.kind] ?? v.kind,
        createdAtSeconds: v.decoded.timestamp,
        isAppenderBit: v.decoded.flagAppenderBit58,
        source:
          v.decoded.sourceStorageId === null
            ? { type: 'ip', address: v.decoded.sourceIpAddr }
            : { type: 'id', id: v.decoded.sourceStorageId },
        sizeBytes: known ? v.decoded.fileSizeFromName : null,
        crc32: known ? v.decoded.crc32Field : null,
        ext: v.slaveExt ?? v.decoded.ext
      })
    })

    it(`${v.fileId} tells what the C tool tells`, () => {
      const facts = parseFileId(v.fileId)
      const info = v.fdfsFileInfo
      const told = known && info?.rc === 0 ? { size: info.fileSize, crc: info.crc32 } : { size: facts.sizeBytes, crc: facts.crc32 }
      expect({ size: facts.sizeBytes, crc: facts.crc32 }).toEqual(told)
    })
  }

  for (const v of captured.filter((c) => c.kind === 'trunk')) {
    it(`${v.fileId} tells its place in the trunk file`, () => {
      const { id, offset, alloc_size } = v.decoded.trunk
      expect(parseFileId(v.fileId).trunk).toEqual({ fileId: id, offset, slotBytes: alloc_size })
    })
  }

  for (const v of captured.filter((c) => c.slaveOf !== undefined && c.prefixName !== undefined)) {
    it(`${v.fileId} is the name of that slave`, () => {
      expect(slaveFileId(v.slaveOf!, v.prefixName!, v.slaveExt!)).toBe(v.fileId)
    })
  }

  for (const v of captured.filter((c) => ['normal', 'regenerated', 'appender'].includes(c.kind))) {
    it(`${v.fileId} is made again from its parts`, () => {
      const facts = parseFileId(v.fileId)
      const [path, high, low] = facts.remoteName.slice(1).split('/')
      const name = encodeFileName({
        storePathIndex: Number.parseInt(path!, 16),
        directories: [Number.parseInt(high!, 16), Number.parseInt(low!, 16)],
        source: facts.source,
        timestampSeconds: facts.createdAtSeconds,
        sizeBytes: facts.kind === 'appender' ? null : facts.sizeBytes,
        crc32: v.decoded.crc32Field,
        ext: facts.ext,
        random: Number.parseInt(v.decoded.sizeFieldHex.slice(0, 8), 16) & 0x7f_ffff,
        digits: v.decoded.restAfterBase64.replace(/\..*$/, '').padEnd(7, '0')
      })
      expect(`${facts.group}/${name}`).toBe(v.fileId)
    })
  }
})

describe('parseFileId', () => {
  it('tells size, checksum, time and source of a normal file', () => {
    // 7f000003 | 6b030aa2 | 800e3681 00000011 | 3a7f4bcb
    expect(parseFileId(NORMAL)).toEqual({
      fileId: NORMAL,
      group: 'group1',
      remoteName: NORMAL.slice(7),
      storePathIndex: 0,
      kind: 'normal',
      sizeBytes: 17,
      crc32: 0x3a7f4bcb,
      createdAtSeconds: 1_795_361_442,
      source: { type: 'ip', address: '127.0.0.3' },
      ext: 'jpg',
      isAppenderBit: false,
      trunk: null
    })
  })

  it('knows the digit that is none: storages now and then make a colon of it', () => {
    expect(tryParseFileId('group2/M00/0F/54/fwAACGsDeKOAflzeAAAQAM5-rrc63:.bin')).toMatchObject({
      kind: 'normal',
      sizeBytes: 4096,
      ext: 'bin'
    })
    expect(tryParseFileId('group2/M00/0F/54/fwAACGsDeKOAflzeAAAQAM5-rrc63:_s.bin')).toMatchObject({ kind: 'slave' })
    for (const elsewhere of [
      'fwAACGsDeKO:flzeAAAQAM5-rrc631.bin',
      'fwAACGsDeKOAflzeAAAQAM5-rrc631.b:n',
      'fwAACGsDeKOAflzeAAAQAM5-rrc63_:.bin'
    ]) {
      expect(tryParseFileId(`group2/M00/0F/54/${elsewhere}`)).toBeNull()
    }
  })

  it('calls a short slave a slave, where the rule by length takes it for its master', () => {
    const short = 'group1/M00/00/00/fwAAA2sDCqKAT6ZmAAABQUp6kxU295_s'
    expect(tryParseFileId(short)).toMatchObject({ kind: 'slave', sizeBytes: null, crc32: null })
    // 44 characters, like a normal file, but no storage fills up with anything but digits.
    expect(tryParseFileId('group1/M00/00/00/fwAAA2sDCqKAT6ZmAAABQUp6kxU295_s.j')).toMatchObject({ kind: 'slave', sizeBytes: null })
  })

  it('does not take the place of a slave in a trunk file for its own', () => {
    const slave = 'group1/M00/00/00/oYYBAGsDCqKIc7kWAAAAKM4ZMMIAAAAAQAASAAAAAEA853_s.jpg'
    expect(tryParseFileId(slave)).toMatchObject({ kind: 'slave', trunk: null, sizeBytes: null })
  })

  it('reads an address that ends in .0 as a storage id, as the servers do', () => {
    const make = (address: string) => parseFileId(`group1/${encodeFileName({ ...PARTS, source: { type: 'ip', address } })}`).source
    expect(make('10.1.2.0')).toEqual({ type: 'id', id: 10 + 256 + 2 * 65_536 })
    expect(make('10.1.2.1')).toEqual({ type: 'ip', address: '10.1.2.1' })
  })

  it.each([
    ['nothing', ''],
    ['a slash in front', `/${NORMAL}`],
    ['white space', `${NORMAL} `],
    ['a line end', `${NORMAL}\n`],
    ['no group', NORMAL.slice(7)],
    ['a group that is none', NORMAL.replace('group1', 'group-1')],
    ['a group too long', NORMAL.replace('group1', 'g'.repeat(17))],
    ['lower-case directories', NORMAL.replace('00/00/fw', '0a/00/fw')],
    ['no store path', NORMAL.replace('M00/', '')],
    ['the start only', NORMAL.slice(0, 40)],
    ['base64 only', 'group1/M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s'],
    ['other base64', NORMAL.replace('_', '+')],
    ['another directory', 'group1/M00/00/00/../fwAAA2sDCqKADjaBAAAAETp_S8s387.jpg'],
    ['a name too long', `${NORMAL}${'a'.repeat(90)}`],
    ['Chinese', 'group1/M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s文件.jpg'],
    ['a size above 2^53', 'group1/M00/00/00/fwAAA2sDCqJAAAAAAAAAETp_S8s387.jpg']
  ])('refuses %s', (_what, text) => {
    expect(tryParseFileId(text)).toBeNull()
    expect(isFileId(text)).toBe(false)
    expect(() => parseFileId(text)).toThrow(expect.objectContaining({ code: 'FILE_ID_INVALID' }))
  })

  it('names at most 200 characters of a wrong ID in its error', () => {
    expect(() => parseFileId('x'.repeat(10_000))).toThrow(expect.objectContaining({ detail: { fileId: 'x'.repeat(200) } }))
  })
})

const PARTS: FileNameParts = {
  storePathIndex: 0,
  directories: [0, 0],
  source: { type: 'ip', address: '127.0.0.3' },
  timestampSeconds: 1_795_361_442,
  sizeBytes: 17,
  crc32: 0x3a7f4bcb,
  ext: 'jpg',
  random: 0x0e3681,
  digits: '3871234'
}

describe('encodeFileName', () => {
  it('makes names that are read again, 44 characters always', () => {
    const parts = fc.record({
      storePathIndex: fc.integer({ min: 0, max: 255 }),
      directories: fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 })),
      source: fc.oneof(
        fc
          .ipV4()
          .filter((address) => !address.endsWith('.0'))
          .map((address) => ({ type: 'ip' as const, address })),
        fc.integer({ min: 0, max: 0xff_ffff }).map((id) => ({ type: 'id' as const, id }))
      ),
      timestampSeconds: fc.integer({ min: 0, max: 0xffff_ffff }),
      sizeBytes: fc.oneof(fc.constant(null), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1), fc.maxSafeNat()),
      crc32: fc.integer({ min: 0, max: 0xffff_ffff }),
      ext: fc.stringMatching(/^[A-Za-z0-9_-]{0,6}$/),
      random: fc.integer({ min: 0, max: 0x7f_ffff }),
      digits: fc.stringMatching(/^[0-9]{7}$/)
    })
    fc.assert(
      fc.property(parts, (value) => {
        const remoteName = encodeFileName(value)
        expect(remoteName).toHaveLength(44)
        expect(parseFileId(`g/${remoteName}`)).toEqual({
          fileId: `g/${remoteName}`,
          group: 'g',
          remoteName,
          storePathIndex: value.storePathIndex,
          kind: value.sizeBytes === null ? 'appender' : 'normal',
          sizeBytes: value.sizeBytes,
          crc32: value.sizeBytes === null ? null : value.crc32,
          createdAtSeconds: value.timestampSeconds,
          source: value.source,
          ext: value.ext,
          isAppenderBit: value.sizeBytes === null,
          trunk: null
        })
      })
    )
  })

  it('refuses parts that no name can carry', () => {
    const bad = expect.objectContaining({ code: 'INPUT_INVALID' })
    for (const more of [
      { ext: 'jpeg200' },
      { ext: 'a/b' },
      { digits: '12' },
      { storePathIndex: 256 },
      { directories: [0, -1] },
      { sizeBytes: -1 },
      { sizeBytes: 2 ** 53 },
      { source: { type: 'ip', address: '::1' } },
      { source: { type: 'ip', address: '1.2.3.256' } },
      { source: { type: 'id', id: 2 ** 24 } }
    ] as Partial<FileNameParts>[]) {
      expect(() => encodeFileName({ ...PARTS, ...more })).toThrow(bad)
    }
  })
})

describe('slaveFileId', () => {
  it('replaces the extension of the master', () => {
    expect(slaveFileId(NORMAL, '_s', 'png')).toBe(NORMAL.replace('.jpg', '_s.png'))
    expect(slaveFileId(NORMAL, '_s', '')).toBe(NORMAL.replace('.jpg', '_s'))
    expect(slaveFileId(NORMAL, '_s', '.png')).toBe(NORMAL.replace('.jpg', '_s.png'))
  })

  it('looks for the dot in the last 7 characters only', () => {
    const noExt = 'group1/M00/00/00/fwAAA2sDCqKARs4eAAAAIRb7iSQ6227644'
    expect(slaveFileId(noExt, '_a', 'gif')).toBe(`${noExt}_a.gif`)
    expect(slaveFileId(`${noExt}.aprefix_`, '_b', 'gif')).toBe(`${noExt}.aprefix__b.gif`)
  })

  it('refuses what the storage refuses', () => {
    const bad = expect.objectContaining({ code: 'INPUT_INVALID' })
    expect(() => slaveFileId(NORMAL, '', 'png')).toThrow(bad)
    expect(() => slaveFileId(NORMAL, '-m', '')).toThrow(bad)
    expect(() => slaveFileId(NORMAL, '_s', 'toolong')).toThrow(bad)
    expect(() => slaveFileId(NORMAL, 'a/b', 'png')).toThrow(bad)
    expect(() => slaveFileId('nonsense', '_s', 'png')).toThrow(expect.objectContaining({ code: 'FILE_ID_INVALID' }))
    const long = Array.from({ length: 5 }).reduce<string>((id) => slaveFileId(id, 'p'.repeat(16), ''), NORMAL)
    expect(() => slaveFileId(long, 'p'.repeat(16), 'abcdef')).toThrow(bad)
  })
})

describe('sanitiseExt', () => {
  it.each([
    ['photo.JPG', 'JPG'],
    ['archive.tar.gz', 'gz'],
    ['scan.jpeg2000', 'jpeg20'],
    ['.profile', ''],
    ['folder/.profile', ''],
    ['README', ''],
    ['trailing.', ''],
    ['a/b.c/file', ''],
    ['C:\\a.b\\file.txt', 'txt'],
    ['name.j p g', 'jpg'],
    ['名字.图片', ''],
    ['name.jpé', 'jp'],
    ['data.x-m', 'x'],
    ['data.-m', ''],
    ['', '']
  ])('%s gets "%s"', (name, ext) => {
    expect(sanitiseExt(name)).toBe(ext)
  })

  it('always gives an extension that a storage takes', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(sanitiseExt(name)).toMatch(/^[A-Za-z0-9_-]{0,6}$/)
        expect(sanitiseExt(`a.${name}`)).not.toMatch(/-m$/)
      })
    )
  })
})
