/** Commands that ask or tell about single files: info, decode, delete, meta. */
import { AppError } from '../../../shared/errors.ts'
import type { FileIdFacts } from '../../../shared/file-id.ts'
import { mapLimited } from '../../app/concurrently.ts'
import { parsePairs, UsageError } from '../args.ts'
import { type Context, idsOf, reportFailure, resultOf } from '../context.ts'
import { formatBytes, formatCrc, printable } from '../output.ts'
import type { CliTexts } from '../texts.ts'

const AT_ONCE = 8

/** Runs `work` for every ID of the command line; a failure is reported with its ID and the others go on. */
async function forEachId(context: Context, work: (facts: FileIdFacts) => Promise<void>): Promise<void> {
  const ids = await idsOf(context)
  let done = 0
  await mapLimited(ids, context.args.jobs ?? AT_ONCE, async (facts) => {
    try {
      context.signal.throwIfAborted()
      await work(facts)
    } catch (error) {
      reportFailure(context, { id: facts.fileId, path: null }, error)
    }
    context.output.progress(context.output.texts.progress.files(++done, ids.length))
  })
}

export async function info(context: Context): Promise<void> {
  const store = await context.store()
  await forEachId(context, async (facts) => {
    const remote = await store.info(facts.fileId, { expectBytes: facts.sizeBytes ?? undefined }, { signal: context.signal })
    const crc32 = formatCrc(remote.crc32)
    const modified = new Date(remote.modifiedAtSeconds * 1000).toISOString()
    context.output.file(
      { ...resultOf(facts), size: remote.sizeBytes, crc32, kind: facts.kind, modified, source: remote.sourceAddress },
      `${facts.fileId}\n  size ${remote.sizeBytes} (${formatBytes(remote.sizeBytes)})  crc32 ${crc32}  ${facts.kind}  modified ${modified}  source ${printable(remote.sourceAddress)}`
    )
  })
}

export async function decode(context: Context): Promise<void> {
  await forEachId(context, async (facts) => {
    const created = new Date(facts.createdAtSeconds * 1000).toISOString()
    const source = facts.source.type === 'ip' ? facts.source.address : `storage id ${facts.source.id}`
    const result = resultOf(facts)
    const size = facts.sizeBytes === null ? 'unknown' : `${facts.sizeBytes} (${formatBytes(facts.sizeBytes)})`
    context.output.file(
      {
        ...result,
        kind: facts.kind,
        group: facts.group,
        created,
        source,
        storePath: facts.storePathIndex,
        ext: facts.ext,
        trunk: facts.trunk
      },
      `${facts.fileId}\n  ${facts.kind}  size ${size}  crc32 ${result.crc32 ?? 'unknown'}  created ${created}  source ${source}  store path ${facts.storePathIndex}`
    )
  })
}

export async function remove(context: Context): Promise<void> {
  await context.assertWritable()
  const store = await context.store()
  await forEachId(context, async (facts) => {
    await store.remove(facts.fileId, { signal: context.signal })
    context.output.file(resultOf(facts), context.output.texts.deleted(facts.fileId))
  })
}

export async function meta(context: Context): Promise<void> {
  const [action, ...words] = context.args.positionals
  if (action === 'get') {
    context.args.positionals = words
    return getMeta(context)
  }
  if (action !== 'set' && action !== 'merge') throw new UsageError('meta needs get, set or merge')
  const [id, ...pairs] = words
  if (id === undefined) throw new UsageError(`meta ${action} needs a file ID`)
  const metadata = parsePairs([...pairs, ...context.args.meta])
  if (action === 'merge' && Object.keys(metadata).length === 0) throw new UsageError('meta merge needs at least one key=value')
  await context.assertWritable()
  const store = await context.store()
  context.args.positionals = [id]
  await forEachId(context, async (facts) => {
    await store.setMetadata(facts.fileId, metadata, action === 'set' ? 'overwrite' : 'merge', { signal: context.signal })
    const now = await store.getMetadata(facts.fileId, { signal: context.signal })
    for (const [key, value] of Object.entries(metadata)) {
      if (now[key] !== value) throw new AppError('CHECKSUM_MISMATCH', { detail: { fileId: facts.fileId, key } })
    }
    context.output.file({ ...resultOf(facts), metadata: now }, describeMetadata(facts.fileId, now, context.output.texts))
  })
}

async function getMeta(context: Context): Promise<void> {
  const store = await context.store()
  await forEachId(context, async (facts) => {
    const metadata = await store.getMetadata(facts.fileId, { signal: context.signal })
    context.output.file({ ...resultOf(facts), metadata }, describeMetadata(facts.fileId, metadata, context.output.texts))
  })
}

function describeMetadata(fileId: string, metadata: Readonly<Record<string, string>>, { noMetadata }: CliTexts): string {
  const lines = Object.entries(metadata).map(([key, value]) => `  ${printable(key)}=${printable(value)}`)
  return [fileId, ...(lines.length > 0 ? lines : [`  ${noMetadata}`])].join('\n')
}
