import type { FileIdFacts } from '../../shared/file-id.ts'
import { toAppError } from '../../shared/errors.ts'
import type { StoreClient } from '../cluster/types.ts'
import type { CliArgs } from './args.ts'
import type { NamedCluster } from './connect.ts'
import { readIds } from './ids.ts'
import { type FileResult, formatCrc, type Output } from './output.ts'

/** What a command gets to work with. `signal` fires at the first Ctrl-C. */
export interface Context {
  args: CliArgs
  output: Output
  stdin: AsyncIterable<string | Buffer>
  signal: AbortSignal
  /** Which cluster is meant. Throws UsageError without an address. */
  cluster(): Promise<NamedCluster>
  /** Opens the cluster at first use; closed by the caller of the command. Throws UsageError without an address. */
  store(): Promise<StoreClient>
  /** Throws PROFILE_READ_ONLY when the connection may not be changed through. */
  assertWritable(): Promise<void>
}

/** The IDs of a command; what is not an ID is reported as a failed file and left out. */
export async function idsOf(context: Context): Promise<FileIdFacts[]> {
  const { ids, rejected } = await readIds(context)
  for (const { text, error } of rejected) reportFailure(context, { id: text, path: null }, error)
  return ids
}

export function reportFailure(context: Context, subject: { id: string | null; path: string | null }, error: unknown): void {
  const { output } = context
  output.file({ ok: false, ...subject, size: null, crc32: null, error: output.describe(toAppError(error).toData()) })
}

/** The facts of an ID as the fields of a result. */
export function resultOf(facts: FileIdFacts): FileResult {
  return { ok: true, id: facts.fileId, path: null, size: facts.sizeBytes, crc32: formatCrc(facts.crc32) }
}
