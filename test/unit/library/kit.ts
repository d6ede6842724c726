import { encodeFileName } from '../../../src/shared/file-id.ts'
import { connect, type Connection } from '../../../src/main/library/connection.ts'
import { openLibrary, type LibraryOptions } from '../../../src/main/library/open.ts'
import type { Library } from '../../../src/main/library/types.ts'

/** File ID number `n`: every number is another file of 10·n bytes with CRC-32 n. */
export function fileId(n: number, parts: { group?: string; ext?: string; sizeBytes?: number | null; crc32?: number } = {}): string {
  const remote = encodeFileName({
    storePathIndex: 0,
    directories: [n & 0xff, (n >>> 8) & 0xff],
    source: { type: 'ip', address: '127.0.0.3' },
    timestampSeconds: 1_795_361_442 + n,
    sizeBytes: parts.sizeBytes === undefined ? n * 10 : parts.sizeBytes,
    crc32: parts.crc32 ?? n,
    ext: parts.ext ?? 'jpg',
    random: n,
    digits: '1234567'
  })
  return `${parts.group ?? 'group1'}/${remote}`
}

/** Opens libraries and closes what a test left open. */
export function libraryKit(): {
  open(options: LibraryOptions): Promise<Library>
  connection(path: string): Promise<Connection>
  closeAll(): Promise<void>
} {
  const ends: (() => Promise<void> | void)[] = []
  return {
    async open(options) {
      const library = await openLibrary(options)
      ends.push(() => library.close())
      return library
    },
    async connection(path) {
      const connection = await connect(path)
      ends.push(() => connection.close())
      return connection
    },
    async closeAll() {
      for (const end of ends.splice(0).reverse()) await end()
    }
  }
}
