import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeError } from '../../shared/error-texts.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { createAppWithRescue } from '../app/rescue.ts'
import { dataPaths, defaultDataDir } from '../app/data-dir.ts'
import { keepHeapSmall } from '../app/heap.ts'
import { createBrowserHost } from './host.ts'
import { startBrowserServer } from './server.ts'

/** Where the page is unless the user says otherwise, so that a bookmark of yesterday still meets the program. */
const USUAL_PORT = 5177

export interface BrowserOptions {
  /** Default: the data folder of the system's custom. */
  dataDir?: string | undefined
  /** Only this one; default: the usual one, or any free one when that is taken. */
  port?: number | undefined
  /** Gets the one line for standard output once the page can be opened. */
  openLine: (line: string) => void
}

export interface RunningBrowser {
  address: string
  close(): Promise<void>
}

/** Starts the application and serves it to a browser on this computer. Rejects with an AppError, and with everything closed again. */
export async function runBrowser(options: BrowserOptions): Promise<RunningBrowser> {
  const dataDir = options.dataDir ?? defaultDataDir()
  const host = createBrowserHost()
  const app = await createAppWithRescue({ dataDir, host })
  try {
    const server = await startBrowserServer({
      app,
      rendererDir: findRenderer(),
      spoolDir: dataPaths(dataDir).spool,
      ports: options.port === undefined ? [USUAL_PORT, 0] : [options.port]
    })
    options.openLine(`FastDFS Desktop is ready: ${server.address}`)
    return {
      address: server.address,
      async close() {
        await server.close()
        await app.close()
      }
    }
  } catch (error) {
    await app.close()
    throw portError(error, options.port)
  }
}

function portError(error: unknown, port: number | undefined): unknown {
  const code = error instanceof Error && !(error instanceof AppError) ? (error as NodeJS.ErrnoException).code : undefined
  const address = `127.0.0.1:${port ?? USUAL_PORT}`
  if (code === 'EADDRINUSE') return new AppError('ADDRESS_IN_USE', { cause: error, detail: { address } })
  if (code !== 'EACCES') return error
  return new AppError('INPUT_INVALID', { cause: error, detail: { field: '--port', reason: `port ${port} needs special rights` } })
}

/** The built page: beside the built program, or below `out` when the sources run. */
function findRenderer(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    for (const candidate of [join(folder, 'renderer'), join(folder, 'out', 'renderer')]) {
      if (existsSync(join(candidate, 'index.html')) && !existsSync(join(candidate, 'main.tsx'))) return candidate
    }
    if (dirname(folder) === folder) throw new AppError('INTERNAL', { detail: { reason: 'the page is not built (npm run build)' } })
  }
}

/** Longest a clean end may take before the process goes anyway; the journal makes that safe. */
const CLOSE_LIMIT_MS = 8_000

/** The program of `out/main/browser.js`: `--data DIR`, `--port N`. Ends cleanly on SIGINT and SIGTERM; a second one ends at once. */
export async function browserMain(argv: readonly string[]): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    process.stderr.write(`FastDFS Desktop needs Node 24 or newer; this is ${process.version}. Start it with \`npm start\`.\n`)
    process.exitCode = 1
    return
  }
  keepHeapSmall()
  const { values } = parseArgs({ args: [...argv], options: { data: { type: 'string' }, port: { type: 'string' } } })
  try {
    const running = await runBrowser({
      dataDir: values.data,
      port: readPort(values.port),
      openLine: (line) => process.stdout.write(`${line}\n`)
    })
    let ending = false
    const end = () => {
      if (ending) process.exit(1)
      ending = true
      setTimeout(() => process.exit(1), CLOSE_LIMIT_MS).unref()
      void running.close().then(
        () => process.exit(0),
        () => process.exit(1)
      )
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  } catch (error) {
    const { what, next } = describeError(toAppError(error).toData(), 'en')
    process.stderr.write(`${what} ${next}\n`)
    process.exitCode = 1
  }
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new AppError('INPUT_INVALID', { detail: { field: '--port', reason: text } })
  return port
}

/** `import.meta.main` without needing a Node that has it: an older one must say what it lacks, not end in silence. */
function isMain(): boolean {
  const script = process.argv[1]
  return script !== undefined && existsSync(script) && realpathSync(script) === fileURLToPath(import.meta.url)
}

if (isMain()) await browserMain(process.argv.slice(2))
