#!/usr/bin/env node
import { AppError, toAppError } from '../../shared/errors.ts'
import { appVersion } from '../app/version.ts'
import { compileLightly, keepYoungGenerationSmall } from '../app/heap.ts'
import { languageOf } from '../app/host.ts'
import type { StoreClient } from '../cluster/types.ts'
import { type CliArgs, parseCliArgs, UsageError } from './args.ts'
import { decode, info, meta, remove } from './commands/ask.ts'
import { groups, ls } from './commands/cluster-view.ts'
import { doctor } from './commands/doctor.ts'
import { completion } from './commands/completion.ts'
import { download, sync, upload, zip } from './commands/transfer.ts'
import { type Connection, connect, namedCluster } from './connect.ts'
import type { Context } from './context.ts'
import { helpPage } from './help.ts'
import { interruptedBy } from './interrupt.ts'
import { isPlain, Output, printable } from './output.ts'

const COMMANDS: Record<string, (context: Context) => Promise<void>> = {
  upload,
  sync,
  download,
  zip,
  info,
  meta,
  delete: remove,
  ls,
  groups,
  doctor,
  decode,
  completion
}

interface Terminal {
  stdin: AsyncIterable<string | Buffer>
  stdout: NodeJS.WritableStream
  stderr: NodeJS.WritableStream & { isTTY?: boolean }
  env: Readonly<Record<string, string | undefined>>
  /** Fires at the first Ctrl-C: what runs is stopped cleanly and what was not done is named. */
  signal: AbortSignal
}

/** The exit status: 0 all done, 1 some failed, 2 wrong usage, 130 interrupted. */
async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let args: CliArgs
  try {
    args = parseCliArgs(argv)
  } catch (error) {
    return wrongUsage(terminal, error as UsageError)
  }
  const { stdout, stderr } = terminal
  const language = languageOf(terminal.env['LC_ALL'] || terminal.env['LC_MESSAGES'] || terminal.env['LANG'])
  if (args.version) return print(stdout, appVersion())
  if (args.help || args.command === 'help')
    return print(stdout, helpPage(args.command === 'help' ? (args.positionals[0] ?? '') : args.command, language))
  const command = Object.hasOwn(COMMANDS, args.command) ? COMMANDS[args.command] : undefined
  if (!command) {
    return wrongUsage(
      terminal,
      new UsageError(args.command === '' ? 'which command? See fdfs --help' : `there is no command '${args.command}'. See fdfs --help`)
    )
  }

  const output = new Output({ json: args.json, quiet: args.quiet, stdout, stderr, language, plain: isPlain(terminal.env) })
  let connection: Promise<Connection> | null = null
  const connected = (): Promise<Connection> => (connection ??= context.cluster().then((named) => connect(named, args)))
  const context: Context = {
    args,
    output,
    stdin: terminal.stdin,
    signal: terminal.signal,
    cluster: () => namedCluster(args, terminal.env),
    store: async (): Promise<StoreClient> => (await connected()).client,
    assertWritable: async () => {
      if ((await connected()).readOnly) throw new AppError('PROFILE_READ_ONLY', { detail: { profile: args.profile ?? undefined } })
    }
  }
  try {
    await command(context)
  } catch (error) {
    if (error instanceof UsageError) return wrongUsage(terminal, error)
    const described = output.describe(toAppError(error).toData())
    if (args.json) output.record({ ok: false, id: null, path: null, size: null, crc32: null, error: described })
    output.note(`fdfs: ${described.message} ${described.advice}`)
    output.failed++
  } finally {
    output.clearProgress()
    await closeQuietly(connection)
  }
  // Watching is ended by Ctrl-C: that is no interruption.
  if (terminal.signal.aborted && !args.watch) return 130
  return output.failed === 0 ? 0 : 1
}

async function closeQuietly(connection: Promise<Connection> | null): Promise<void> {
  try {
    await (await connection)?.client.close()
  } catch {
    // It never opened: reported already.
  }
}

function wrongUsage(terminal: Terminal, error: UsageError): number {
  terminal.stderr.write(`fdfs: ${printable(error.message)}\n`)
  return 2
}

function print(stream: NodeJS.WritableStream, text: string): number {
  stream.write(`${text}\n`)
  return 0
}

keepYoungGenerationSmall()
compileLightly()
const signal = interruptedBy(process, (status) => process.exit(status))
// Else a command that waits for IDs to be typed would not notice.
signal.addEventListener('abort', () => process.stdin.destroy())
// A reader that closes early (`fdfs ls … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal
})
