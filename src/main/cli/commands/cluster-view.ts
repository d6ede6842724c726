/** Commands about the cluster: groups, ls. */
import { tryParseFileId } from '../../../shared/file-id.ts'
import { AppError } from '../../../shared/errors.ts'
import type { GroupInfo } from '../../../shared/model.ts'
import { UsageError } from '../args.ts'
import { type Context, resultOf } from '../context.ts'
import { formatBytes, printable } from '../output.ts'

export async function groups(context: Context): Promise<void> {
  if (context.args.positionals.length > 0) throw new UsageError('groups takes no arguments')
  const store = await context.store()
  for (const group of await store.groups({ signal: context.signal })) {
    if (context.output.json) context.output.record(group)
    else context.output.line(describeGroup(group))
  }
}

function describeGroup(group: GroupInfo): string {
  const head = `${group.name}  ${formatBytes(group.freeBytes)} free of ${formatBytes(group.totalBytes)}, ${group.storageCount} storages (${group.writableCount} writable)`
  const storages = group.storages.map(
    (s) =>
      `  ${printable(s.host)}:${s.port}  ${s.status}  v${printable(s.version)}  ${formatBytes(s.freeBytes)} free of ${formatBytes(s.totalBytes)}`
  )
  return [head, ...storages].join('\n')
}

/** Listing by command 26 of one active storage of the group; only complete listings end with status 0. */
export async function ls(context: Context): Promise<void> {
  const [group, ...more] = context.args.positionals
  if (group === undefined || more.length > 0) throw new UsageError('ls needs one group name')
  const only = context.args.path === null ? null : Number(context.args.path)
  if (only !== null && !(Number.isInteger(only) && only >= 0 && only <= 255)) throw new UsageError('--path is a number from 0 to 255')
  const { signal } = context
  const store = await context.store()
  const [storages, endpoints] = await Promise.all([store.storages(group, { signal }), store.replicas(group, { signal })])
  const endpoint = endpoints[0]
  if (!endpoint) throw new AppError('NO_STORAGE', { detail: { group } })
  const pathCount = Math.max(1, ...storages.map((storage) => storage.storePathCount))
  const paths = only === null ? Array.from({ length: pathCount }, (_, index) => index) : [only]
  const seenSlaves = new Set<string>()
  let listed = 0
  for (const path of paths) {
    for await (const lines of store.list(endpoint, group, path, { signal })) {
      for (const line of lines) {
        if (isMetadataOf(line.remoteName, seenSlaves)) continue
        const fileId = `${group}/${line.remoteName}`
        const facts = tryParseFileId(fileId)
        if (facts?.kind === 'slave') seenSlaves.add(line.remoteName)
        listed++
        if (context.output.json) {
          context.output.record({
            ...(facts ? resultOf(facts) : { ok: true, id: fileId, path: null, size: null, crc32: null }),
            kind: facts?.kind ?? null,
            listedAt: line.timestampSeconds,
            linkTo: line.source
          })
        } else context.output.line(printable(fileId))
      }
      context.output.progress(context.output.texts.progress.listed(listed))
    }
  }
}

const METADATA_SUFFIX = '-m'

/**
 * `X-m` holds the metadata of X (protocol page, 11.2). For a normal name its length proves it: with that ending it is two
 * characters too long to be a file. A slave's ending may be part of its extension, so its master must have been listed.
 */
function isMetadataOf(remoteName: string, seenSlaves: ReadonlySet<string>): boolean {
  if (!remoteName.endsWith(METADATA_SUFFIX)) return false
  const owner = remoteName.slice(0, -METADATA_SUFFIX.length)
  return seenSlaves.has(owner) || NORMAL_NAME_LENGTHS.has(owner.length)
}

/** 'M00/00/00/' with 34 characters, in a trunk file with 50. */
const NORMAL_NAME_LENGTHS: ReadonlySet<number> = new Set([44, 60])
