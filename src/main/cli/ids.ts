import { UsageError } from './args.ts'

/**
 * The IDs of a command: its arguments, or with a single '-' the lines of standard input.
 * Text is passed on as it stands (trimmed, quotes removed): what is not an ID is reported by name, not dropped.
 */
export async function readIds(positionals: readonly string[], stdin: AsyncIterable<string | Buffer>, command: string): Promise<string[]> {
  const ids: string[] = []
  for (const word of positionals) {
    if (word === '-') ids.push(...splitIds(await readAll(stdin)))
    else ids.push(...splitIds(word))
  }
  if (ids.length === 0 && !positionals.includes('-')) {
    throw new UsageError(`${command} needs at least one file ID (or - to read them from standard input)`)
  }
  return ids
}

/** IDs stand one per line or separated by white space or commas; quotes around them are dropped. */
function splitIds(text: string): string[] {
  return text
    .split(/[\s,;，；]+/)
    .map((word) => word.replaceAll(/^["'`“”‘’<([]+|["'`“”‘’>)\]]+$/g, ''))
    .filter((word) => word !== '')
}

async function readAll(stdin: AsyncIterable<string | Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stdin) parts.push(typeof part === 'string' ? Buffer.from(part) : part)
  return Buffer.concat(parts).toString('utf8')
}
