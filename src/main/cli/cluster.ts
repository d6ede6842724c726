/** `npm run cluster`: the embedded cluster alone, until Ctrl-C. Prints one JSON line when it serves. */
import { parseArgs } from 'node:util'
import { parseTrackerAddress } from '../../shared/address.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { createEmbeddedCluster } from '../embedded/index.ts'
import type { Behaviour, EmbeddedClusterOptions } from '../embedded/index.ts'

const USAGE = `Usage: npm run cluster -- --dir DIR [--tracker HOST:PORT] [--groups group1:2,group2:1]
         [--sync-delay MS] [--behave-like 6.16.1|6.16.1-ipv6|6.06] [--quirks] [--reserve MB]`

class UsageError extends Error {}

function parseOptions(args: string[]): EmbeddedClusterOptions {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: 'string' },
      tracker: { type: 'string', default: '127.0.0.1:22122' },
      groups: { type: 'string', default: 'group1:2,group2:1' },
      'sync-delay': { type: 'string', default: '0' },
      'behave-like': { type: 'string', default: '6.16.1' },
      quirks: { type: 'boolean', default: false },
      reserve: { type: 'string' }
    }
  })
  if (values.dir === undefined || values.dir === '') throw new UsageError('--dir says where the cluster keeps its files; it is missing.')
  const tracker = parseTracker(values.tracker)
  return {
    dir: values.dir,
    host: tracker.host,
    trackerPort: tracker.port,
    groups: parseGroups(values.groups),
    syncDelayMs: parseCount('--sync-delay', values['sync-delay']),
    behaveLike: parseBehaviour(values['behave-like']),
    quirks: values.quirks,
    ...(values.reserve === undefined ? {} : { reservedBytes: parseCount('--reserve', values.reserve) * 1024 * 1024 })
  }
}

/** Port 0 takes the port of the last time, or a free one. */
function parseTracker(text: string): { host: string; port: number } {
  const anyPort = text.endsWith(':0')
  const { host, port } = parseTrackerAddress(anyPort ? text.slice(0, -2) : text)
  return { host, port: anyPort ? 0 : port }
}

function parseGroups(text: string): Record<string, number> {
  const groups: Record<string, number> = {}
  for (const part of text.split(',')) {
    const match = /^([A-Za-z0-9]{1,16})(?::([1-9][0-9]?))?$/.exec(part.trim())
    const count = Number(match?.[2] ?? 1)
    if (match === null || count > 32)
      throw new UsageError(`--groups wants name:number,…, such as group1:2,group2:1; not understood: "${part}".`)
    if (Object.hasOwn(groups, match[1]!)) throw new UsageError(`--groups names ${match[1]} twice.`)
    groups[match[1]!] = count
  }
  return groups
}

function parseCount(option: string, text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new UsageError(`${option} wants a whole number; not understood: "${text}".`)
  return Number(text)
}

function parseBehaviour(text: string): Behaviour {
  if (text === '6.16.1' || text === '6.16.1-ipv6' || text === '6.06') return text
  throw new UsageError(`--behave-like knows 6.16.1, 6.16.1-ipv6 and 6.06, not "${text}".`)
}

function fail(message: string, status: 1 | 2): never {
  process.stderr.write(`${message}\n${status === 2 ? `${USAGE}\n` : ''}`)
  process.exit(status)
}

function readOptions(): EmbeddedClusterOptions {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    if (error instanceof AppError) return fail(`--tracker wants HOST:PORT, such as 127.0.0.1:22122 (${String(error.detail.reason)}).`, 2)
    return fail(error instanceof Error ? error.message : String(error), 2)
  }
}

function explain(error: AppError): string {
  const { address, path, reason } = error.detail
  switch (error.code) {
    case 'ADDRESS_IN_USE':
      return `${address} is in use by another program: choose another port with --tracker, or stop that program.`
    case 'HOST_CANNOT':
      return `Cannot listen on ${address} (${reason}): it is not an address of this computer, or the port is not allowed.`
    case 'LOCAL_DENIED':
    case 'LOCAL_READ_ONLY':
    case 'LOCAL_DISK_FULL':
    case 'LOCAL_IO':
      return `Cannot use the folder ${path} (${reason}).`
    case 'INPUT_INVALID':
      return `${error.detail.field} cannot be used: ${error.detail.value}.`
    default:
      return `The cluster could not be started: ${error.message}`
  }
}

const options = readOptions()
try {
  const cluster = await createEmbeddedCluster(options)
  process.stdout.write(`${JSON.stringify({ trackers: cluster.trackers, groups: cluster.groups })}\n`)
  await new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await cluster.close()
} catch (error) {
  fail(explain(toAppError(error)), 1)
}
