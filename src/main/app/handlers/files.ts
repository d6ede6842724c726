import type { ServerFacts } from '../../../shared/contract.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileRow } from '../../../shared/model.ts'
import type { StoreClient } from '../../cluster/types.ts'
import { mapLimited } from '../concurrently.ts'
import type { HandlersOf } from '../dispatch.ts'
import { checkFolder } from '../library-folder.ts'
import { parsePasted } from '../pasted.ts'
import { readMetadata } from '../read-metadata.ts'
import { rowsOf } from '../selection.ts'
import type { Services } from '../services.ts'

/** Questions to the servers under way at once, for one call. */
const PARALLEL = 8

export function filesHandlers(services: Services) {
  const { library, profiles, clients, links, libraryChanged } = services
  const { files, views, order, bulk } = library
  const active = () => profiles.active().id
  return {
    'files.open': ({ query, sort, first }) => views.open(active(), query, sort, first),
    'files.rows': ({ view, start, count }) => views.rows(view, start, count),
    'files.place': ({ view, id }) => views.place(view, id),
    'files.ids': ({ view, start, count }) => views.ids(view, start, count),
    'files.total': ({ view }) => views.total(view),
    'files.close': ({ view }) => {
      views.close(view)
      return null
    },
    'files.get': ({ ids }) => files.get(active(), ids),
    'files.folders': () => order.folders(active()),
    'files.groups': () => files.groups(active()),

    'files.summary': async ({ selection }) => {
      const summary = { count: 0, sizeBytes: 0, unknownSizes: 0, names: [] as string[] }
      for await (const rows of rowsOf(files, active(), selection)) {
        for (const row of rows) {
          summary.count += 1
          if (row.sizeBytes === null) summary.unknownSizes += 1
          else summary.sizeBytes += row.sizeBytes
          if (summary.names.length < 5) summary.names.push(row.name)
        }
      }
      return summary
    },
    'files.links': (request) => links.text(request),

    'files.rename': ({ id, name }) => {
      const profileId = active()
      files.setName(profileId, id, name)
      libraryChanged(profileId)
      return null
    },
    'files.move': async ({ selection, folder }) => {
      const profileId = active()
      const before = order.folders(profileId)
      await bulk.change(profileId, selection, { type: 'move', folder: checkFolder(folder) })
      // A folder does not vanish because its last file left it.
      const after = new Set(order.folders(profileId).map(({ path }) => path))
      order.addFolders(
        profileId,
        before.map(({ path }) => path).filter((path) => !after.has(path))
      )
      libraryChanged(profileId)
      return null
    },
    'files.forget': async ({ selection }) => {
      const profileId = active()
      await bulk.change(profileId, selection, { type: 'forget' })
      libraryChanged(profileId)
      return null
    },

    'files.facts': async ({ ids }) => {
      const profileId = active()
      const client = await clients.get(profileId)
      const rows = files.get(profileId, ids)
      const facts = await mapLimited(rows, PARALLEL, (row) => askFacts(client, row))
      let changed = false
      for (const [index, row] of rows.entries()) {
        const fact = facts[index]
        if (!fact) continue
        if (!fact.exists && fact.error === null && row.state !== 'missing') {
          files.setState(profileId, [row.fileId], 'missing')
          changed = true
        } else if (fact.exists && (row.state === 'missing' || row.sizeBytes !== fact.sizeBytes)) {
          files.upsert(profileId, [
            {
              fileId: row.fileId,
              origin: row.origin,
              sizeBytes: fact.sizeBytes ?? undefined,
              crc32: fact.crc32 ?? undefined,
              state: 'present'
            }
          ])
          changed = true
        }
      }
      if (changed) libraryChanged(profileId)
      return facts
    },
    'files.metadata': async ({ ids }) => {
      const profileId = active()
      const results = await readMetadata(services, profileId, files.get(profileId, ids))
      return results.map(({ row, metadata, error }) => ({ id: row.id, metadata, error }))
    },

    'files.parse': ({ text }) => {
      const profileId = active()
      return parsePasted(text).map((entry) => {
        const row = entry.fileId === null ? null : files.byFileId(profileId, entry.fileId)
        return { ...entry, name: row?.name ?? null, sizeBytes: row?.sizeBytes ?? entry.sizeBytes }
      })
    },
    'files.add': ({ fileIds }) => {
      const profileId = active()
      const result = files.upsert(
        profileId,
        fileIds.map((fileId) => ({ fileId, origin: 'paste' as const }))
      )
      libraryChanged(profileId)
      return result
    }
  } satisfies HandlersOf<'files'>
}

async function askFacts(client: StoreClient, row: FileRow): Promise<ServerFacts> {
  const nothing = { fileId: row.fileId, sizeBytes: null, crc32: null, modifiedAt: null, source: null }
  try {
    const info = await client.info(row.fileId, row.sizeBytes === null ? {} : { expectBytes: row.sizeBytes })
    return {
      fileId: row.fileId,
      exists: true,
      sizeBytes: info.sizeBytes,
      crc32: info.crc32,
      modifiedAt: info.modifiedAtSeconds * 1000,
      source: info.sourceAddress,
      error: null
    }
  } catch (error) {
    const known = toAppError(error)
    return { ...nothing, exists: false, error: known.code === 'NOT_FOUND' ? null : known.toData() }
  }
}
