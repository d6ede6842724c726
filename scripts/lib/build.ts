import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '..', '..')

const PRODUCTS = [
  'out/main/index.js',
  'out/main/browser.js',
  'out/main/cli.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'out/bundled/main.json'
]
const SOURCES = ['src', 'electron.vite.config.ts', 'package.json']

/** Builds unless everything is there and newer than the sources. The builder's own words go to standard error only when it fails. */
export async function ensureBuilt(): Promise<void> {
  if (isFresh()) return
  process.stderr.write('Building FastDFS Desktop (once) ...\n')
  const { code, output } = await run(process.execPath, [join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'])
  if (code !== 0) {
    process.stderr.write(output)
    throw new Error('The build failed.')
  }
}

function isFresh(): boolean {
  const built = PRODUCTS.map((path) => timeOf(join(ROOT, path)))
  const oldest = Math.min(...built)
  return oldest > 0 && SOURCES.every((path) => newest(join(ROOT, path)) <= oldest)
}

/** Modification time in ms; 0 = not there. */
function timeOf(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0
}

/** The newest file below a path. Without sources (an installed package) nothing is newer. */
function newest(path: string): number {
  if (!existsSync(path)) return 0
  if (!statSync(path).isDirectory()) return timeOf(path)
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce((time, name) => {
    const found = statSync(join(path, name))
    return found.isFile() ? Math.max(time, found.mtimeMs) : time
  }, 0)
}

/** Runs a program to its end and collects what it prints. */
export function run(
  command: string,
  args: readonly string[],
  options: { timeoutMs?: number; env?: NodeJS.ProcessEnv } = {}
): Promise<{ code: number | null; output: string }> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.env ?? process.env,
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' })
    })
    let output = ''
    const take = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', failed)
    child.once('close', (code) => done({ code, output }))
  })
}
