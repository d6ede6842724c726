import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A file's bytes by its path inside the archive. */
export type AsarFiles = Map<string, Buffer>

interface Node {
  files?: Record<string, Node>
  offset?: string
  size?: number
  unpacked?: boolean
}

// pickle size 4 | header size 4 | pickled string: payload 4 | length 4 | JSON | padding     then the contents, offsets from there
export function readAsar(path: string): AsarFiles {
  const archive = readFileSync(path)
  const headerBytes = archive.readUInt32LE(4)
  const header = JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12))) as Node
  const files: AsarFiles = new Map()
  const walk = (node: Node, folder: string) => {
    for (const [name, child] of Object.entries(node.files ?? {})) {
      const inside = folder === '' ? name : `${folder}/${name}`
      if (child.files) walk(child, inside)
      else if (child.unpacked) files.set(inside, Buffer.alloc(0))
      else {
        const start = 8 + headerBytes + Number(child.offset)
        files.set(inside, archive.subarray(start, start + (child.size ?? 0)))
      }
    }
  }
  walk(header, '')
  return files
}

/** Writes the contents out, since plain Node cannot run code inside an archive as Electron does. */
export function unpackAsar(files: AsarFiles, folder: string): void {
  for (const [inside, content] of files) {
    const path = join(folder, inside)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
}
