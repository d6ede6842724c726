/**
 * npm start [-- --browser] [--data DIR] [--port N]
 * Opens the window; where Electron cannot be had, says so in one line and serves the same application to the browser.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBuilt, ROOT } from './lib/build.ts'
import { findRuntime } from './lib/electron-runtime.ts'
import { endWithParent } from './lib/orphan.ts'

const USAGE = `npm start -- [--browser] [--data DIR] [--port N]

  --browser   serve the application to the browser instead of opening a window
  --data DIR  keep library, queue and settings there
  --port N    port of the browser's address (implies --browser)
`

function readArgs() {
  try {
    return parseArgs({
      options: {
        browser: { type: 'boolean', default: false },
        data: { type: 'string' },
        port: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false }
      }
    }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    process.exit(2)
  }
}

const args = readArgs()
if (args.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}
endWithParent(() => process.kill(process.pid, 'SIGTERM'))
const dataArgs = args.data === undefined ? [] : ['--data', args.data]

try {
  await ensureBuilt()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

if (args.browser || args.port !== undefined) {
  await serve()
} else {
  const runtime = await findRuntime()
  const why = 'missing' in runtime ? runtime.missing : await openWindow(runtime.path)
  if (why !== null) {
    process.stdout.write(`No Electron window here: ${why}. Open this address in a browser instead:\n`)
    await serve()
  }
}

/** Runs Electron until it ends. Returns why it could not start, when it broke off at once; else ends this process with its code. */
function openWindow(path: string): Promise<string | null> {
  return new Promise((done) => {
    const began = Date.now()
    const child = spawn(path, [ROOT, ...dataArgs], { stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
    child.once('error', (error) => done(`its runtime does not start (${error.message})`))
    child.once('exit', (code, signal) => {
      // Missing system libraries, no access to the display: it breaks off before any window.
      if (code !== 0 && code !== 1 && signal === null && Date.now() - began < 5_000) done(`its runtime does not start (exit code ${code})`)
      else process.exit(code ?? 1)
    })
  })
}

async function serve(): Promise<void> {
  const built: { browserMain(argv: readonly string[]): Promise<void> } = await import(pathToFileURL(join(ROOT, 'out/main/browser.js')).href)
  await built.browserMain([...dataArgs, ...(args.port === undefined ? [] : ['--port', args.port])])
}
