import { buffer } from 'node:stream/consumers'
import yauzl from 'yauzl'
import type { Entry } from 'yauzl'

/** The members of an archive by name, as an independent reader of zip files sees them. */
export async function readZip(path: string): Promise<Map<string, Buffer>> {
  const zip = await new Promise<yauzl.ZipFile>((done, failed) =>
    yauzl.open(path, { lazyEntries: true }, (error, opened) => (error ? failed(error) : done(opened)))
  )
  return new Promise((done, failed) => {
    const members = new Map<string, Buffer>()
    zip.on('error', failed)
    zip.on('end', () => done(members))
    zip.on('entry', (entry: Entry) =>
      zip.openReadStream(entry, (error, stream) => {
        if (error) return failed(error)
        buffer(stream).then((bytes) => {
          members.set(entry.fileName, bytes)
          zip.readEntry()
        }, failed)
      })
    )
    zip.readEntry()
  })
}
