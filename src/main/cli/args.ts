import { parseArgs } from 'node:util'

/** Wrong usage: one sentence for the user, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface CliArgs {
  command: string
  positionals: string[]
  trackers: string | null
  profile: string | null
  dataDir: string | null
  group: string | null
  meta: string[]
  output: string | null
  path: string | null
  /** Virtual folder in the library. */
  folder: string | null
  watch: boolean
  /** Do not go on with what an interrupted run left. */
  fresh: boolean
  conflict: 'rename' | 'overwrite' | 'skip'
  json: boolean
  quiet: boolean
  readOnly: boolean
  jobs: number | null
  help: boolean
  version: boolean
}

/** Every option there is. Which command takes which: completion.ts. */
export const OPTIONS = {
  trackers: { type: 'string', short: 't' },
  profile: { type: 'string', short: 'p' },
  data: { type: 'string' },
  group: { type: 'string', short: 'g' },
  meta: { type: 'string', short: 'm', multiple: true },
  output: { type: 'string', short: 'o' },
  path: { type: 'string' },
  folder: { type: 'string' },
  conflict: { type: 'string' },
  jobs: { type: 'string', short: 'j' },
  watch: { type: 'boolean', short: 'w' },
  fresh: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  'read-only': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' }
} as const

/** The command line as data. Throws UsageError for an unknown option or a bad value; commands check their own positionals. */
export function parseCliArgs(argv: readonly string[]): CliArgs {
  const { values, positionals } = parse(argv)
  const conflict = values.conflict ?? 'rename'
  if (conflict !== 'rename' && conflict !== 'overwrite' && conflict !== 'skip') {
    throw new UsageError(`--conflict is rename, overwrite or skip, not '${conflict}'`)
  }
  const jobs = values.jobs === undefined ? null : Number(values.jobs)
  if (jobs !== null && !(Number.isInteger(jobs) && jobs >= 1 && jobs <= 32)) {
    throw new UsageError(`--jobs is a whole number from 1 to 32, not '${values.jobs}'`)
  }
  return {
    command: positionals[0] ?? '',
    positionals: positionals.slice(1),
    trackers: values.trackers ?? null,
    profile: values.profile ?? null,
    dataDir: values.data ?? null,
    group: values.group ?? null,
    meta: values.meta ?? [],
    output: values.output ?? null,
    path: values.path ?? null,
    folder: values.folder ?? null,
    watch: values.watch ?? false,
    fresh: values.fresh ?? false,
    conflict,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
    readOnly: values['read-only'] ?? false,
    jobs,
    help: values.help ?? false,
    version: values.version ?? false
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: OPTIONS
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error), { cause: error })
  }
}

/** 'k=v' pairs as an object. The value may hold '='; the key may not be empty or be given twice. */
export function parsePairs(pairs: readonly string[]): Record<string, string> {
  const out = new Map<string, string>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw new UsageError(`'${pair}' is not of the form key=value`)
    const key = pair.slice(0, at)
    if (out.has(key)) throw new UsageError(`the key '${key}' is given twice`)
    out.set(key, pair.slice(at + 1))
  }
  // Not by assignment: '__proto__' is a key like any other.
  return Object.fromEntries(out)
}
