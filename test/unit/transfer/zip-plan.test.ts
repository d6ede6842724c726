import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import yauzl from 'yauzl'
import type { Entry } from 'yauzl'
import { directory, localHeader, planZip } from '../../../src/main/transfer/zip/plan.ts'
import type { ZipEntry, ZipPlan } from '../../../src/main/transfer/zip/plan.ts'
import { tempDir } from '../../support/temp-dir.ts'

interface Member extends ZipEntry {
  content: Buffer
}

const member = (path: string, content: Buffer, modifiedAt = Date.UTC(2026, 10, 22, 12, 34, 56)): Member => ({
  path,
  sizeBytes: content.length,
  crc32: crc32(content),
  modifiedAt,
  content
})

function archiveOf(members: readonly Member[]): { plan: ZipPlan; bytes: Buffer } {
  const plan = planZip(members)
  const pieces = plan.entries.flatMap((entry, i) => [localHeader(entry), members[i]!.content])
  return { plan, bytes: Buffer.concat([...pieces, ...directory(plan)]) }
}

async function read(path: string): Promise<{ entry: Entry; content: Buffer }[]> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(path, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true }, (error, file) =>
      error ? reject(error) : resolve(file)
    )
  )
  return new Promise((resolve, reject) => {
    const found: { entry: Entry; content: Buffer }[] = []
    zip.on('error', reject)
    zip.on('end', () => resolve(found))
    zip.on('entry', (entry: Entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error)
        const pieces: Buffer[] = []
        stream.on('data', (piece: Buffer) => pieces.push(piece))
        stream.on('error', reject)
        stream.on('end', () => {
          found.push({ entry, content: Buffer.concat(pieces) })
          zip.readEntry()
        })
      })
    })
    zip.readEntry()
  })
}

function has(tool: string): boolean {
  try {
    execFileSync(tool, [tool === 'unzip' ? '-v' : 'i'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const MEMBERS = [
  member('empty.txt', Buffer.alloc(0)),
  member('设计/图 1.png', randomBytes(70_000)),
  member('deep/er/é.bin', randomBytes(1)),
  member('old.txt', Buffer.from('from 1970'), 0),
  member('odd second.txt', Buffer.from('x'), Date.UTC(2026, 0, 1, 0, 0, 1))
]

test('an archive is exactly as long as planned, and every offset is where it was planned', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z图]{1,20}$/), fc.uint8Array({ maxLength: 200 })), { maxLength: 30 }), (files) => {
      const { plan, bytes } = archiveOf(files.map(([name, content]) => member(name, Buffer.from(content))))
      expect(bytes.length).toBe(plan.totalBytes)
      for (const entry of plan.entries) {
        expect(bytes.readUInt32LE(entry.headerOffset)).toBe(0x04034b50)
        expect(crc32(bytes.subarray(entry.dataOffset, entry.dataOffset + entry.sizeBytes))).toBe(entry.crc32)
      }
    })
  )
})

test('a strict reader finds names, folders, sizes, times and content', async () => {
  const path = join(await tempDir(), 'a.zip')
  const { bytes } = archiveOf(MEMBERS)
  const fd = openSync(path, 'w')
  writeSync(fd, bytes)
  closeSync(fd)
  const found = await read(path)
  expect(found.map(({ entry }) => entry.fileName)).toEqual(MEMBERS.map((m) => m.path))
  for (const [i, { entry, content }] of found.entries()) {
    expect(content.equals(MEMBERS[i]!.content)).toBe(true)
    expect(entry.compressionMethod).toBe(0)
    expect(entry.generalPurposeBitFlag & 0x0800).toBe(0x0800)
  }
  expect(found[1]!.entry.getLastModDate().getTime()).toBe(MEMBERS[1]!.modifiedAt)
  expect(found[4]!.entry.getLastModDate().getTime()).toBe(MEMBERS[4]!.modifiedAt)
})

test.skipIf(!has('unzip') || !has('7z'))('unzip and 7-Zip find no fault', async () => {
  const path = join(await tempDir(), 'a.zip')
  const fd = openSync(path, 'w')
  writeSync(fd, archiveOf(MEMBERS).bytes)
  closeSync(fd)
  expect(execFileSync('unzip', ['-t', path]).toString()).toContain('No errors detected')
  expect(execFileSync('7z', ['t', path]).toString()).toContain('Everything is Ok')
})

test('more than 65,534 members need and get the wide end records', async () => {
  const members = Array.from({ length: 70_000 }, (_, i) => member(`${i}`, Buffer.alloc(0)))
  const path = join(await tempDir(), 'many.zip')
  const fd = openSync(path, 'w')
  const { bytes, plan } = archiveOf(members)
  writeSync(fd, bytes)
  closeSync(fd)
  expect(bytes.length).toBe(plan.totalBytes)
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(path, { lazyEntries: true }, (e, z) => (e ? reject(e) : resolve(z)))
  )
  expect(zip.entryCount).toBe(70_000)
  const first = await new Promise<Entry>((resolve, reject) => {
    zip.once('entry', resolve).once('error', reject)
    zip.readEntry()
  })
  expect(first.fileName).toBe('0')
  zip.close()
})

test.skipIf(!has('unzip') || !has('7z'))(
  'unzip and 7-Zip find no fault in 70,000 members',
  async () => {
    const path = join(await tempDir(), 'many.zip')
    writeFileSync(path, archiveOf(Array.from({ length: 70_000 }, (_, i) => member(`文件 ${i}`, Buffer.alloc(0)))).bytes)
    const maxBuffer = 64 * 2 ** 20
    expect(execFileSync('unzip', ['-tq', path], { maxBuffer }).toString()).toContain('No errors detected')
    expect(execFileSync('7z', ['t', path], { maxBuffer }).toString()).toContain('Everything is Ok')
  },
  60_000
)

test('members and offsets beyond 4 GiB are readable (sparse file)', async () => {
  // CRC-32 of that many zero bytes is known only by reading them: take the directory's word, and check the small one behind.
  const big = { path: 'big.bin', sizeBytes: 5 * 2 ** 30, crc32: 0x12345678, modifiedAt: 0 }
  const tail = member('tail.txt', Buffer.from('behind the big one'))
  const plan = planZip([big, tail])
  const path = join(await tempDir(), 'big.zip')
  const fd = openSync(path, 'w')
  ftruncateSync(fd, plan.directoryOffset)
  for (const entry of plan.entries) {
    const header = localHeader(entry)
    writeSync(fd, header, 0, header.length, entry.headerOffset)
  }
  writeSync(fd, tail.content, 0, tail.content.length, plan.entries[1]!.dataOffset)
  let at = plan.directoryOffset
  for (const piece of directory(plan)) at += writeSync(fd, piece, 0, piece.length, at)
  closeSync(fd)
  expect(at).toBe(plan.totalBytes)
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (e, z) => (e ? reject(e) : resolve(z)))
  )
  const entries: Entry[] = []
  const content = await new Promise<Buffer>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      entries.push(entry)
      if (entries.length === 1) return zip.readEntry()
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error)
        const pieces: Buffer[] = []
        stream.on('data', (piece: Buffer) => pieces.push(piece))
        stream.on('end', () => resolve(Buffer.concat(pieces)))
      })
    })
    zip.readEntry()
  })
  zip.close()
  expect(entries[0]!.uncompressedSize).toBe(5 * 2 ** 30)
  expect(content.toString()).toBe('behind the big one')
})
