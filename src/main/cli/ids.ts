import { AppError } from '../../shared/errors.ts'
import type { FileIdFacts } from '../../shared/file-id.ts'
import { extractFileIds } from '../../shared/file-id-text.ts'
import { UsageError } from './args.ts'
import type { Context } from './context.ts'

export interface GivenIds {
  /** Each once, in the order they were given. */
  ids: FileIdFacts[]
  /** What was meant as an ID, or stands where one should, and is none: as it was given. */
  rejected: { text: string; error: AppError }[]
}

/**
 * The IDs of a command: those of its arguments and, where one of them is '-', those of standard input. Links, CSV columns and JSON
 * lines (also those of `fdfs --json`) are searched for IDs; a line or an argument without any is rejected, not dropped.
 */
export async function readIds(context: Pick<Context, 'args' | 'stdin' | 'signal'>): Promise<GivenIds> {
  const { positionals, command } = context.args
  if (positionals.length === 0) throw new UsageError(`${command} needs at least one file ID (or - to read them from standard input)`)
  const ids = new Map<string, FileIdFacts>()
  const rejected: GivenIds['rejected'] = []
  for (const word of positionals) {
    const given = extractFileIds(word === '-' ? await readAll(context) : word)
    for (const { facts } of given.found) if (!ids.has(facts.fileId)) ids.set(facts.fileId, facts)
    for (const { text, reason } of given.rejected) {
      rejected.push({ text, error: new AppError('FILE_ID_INVALID', { detail: { fileId: text, reason } }) })
    }
    // An argument that is empty, or holds nothing but separators.
    if (word !== '-' && given.found.length === 0 && given.rejected.length === 0) {
      rejected.push({ text: word, error: new AppError('FILE_ID_INVALID', { detail: { fileId: word } }) })
    }
  }
  return { ids: [...ids.values()], rejected }
}

async function readAll({ stdin, signal }: Pick<Context, 'stdin' | 'signal'>): Promise<string> {
  const parts: Buffer[] = []
  try {
    for await (const part of stdin) parts.push(typeof part === 'string' ? Buffer.from(part) : part)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
  return Buffer.concat(parts).toString('utf8')
}
