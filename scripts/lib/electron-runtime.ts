import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { ROOT, run } from './build.ts'

/** A path to the Electron program, or why there is none. */
export type Runtime = { path: string } | { missing: string }

/** Longest the first fetch may take; whoever waits longer is better served by the browser. */
const FETCH_LIMIT_MS = 75_000
const REACH_LIMIT_MS = 4_000

/** Finds the runtime on disk, or fetches it with Electron's own installer, within a bounded time, unless it is not to. */
export async function findRuntime({ fetch = true } = {}): Promise<Runtime> {
  const unusable = whyNoWindow()
  if (unusable !== null) return { missing: unusable }
  const present = onDisk()
  if (present !== null) return { path: present }
  if (!fetch) return { missing: 'its runtime is not installed' }
  if (!(await isReachable())) return { missing: 'its runtime is not installed and cannot be fetched without a network' }
  process.stderr.write(`Fetching the Electron runtime (once, at most ${FETCH_LIMIT_MS / 1000} s) ...\n`)
  const { code } = await run(process.execPath, [join(ROOT, 'node_modules/electron/install.js')], { timeoutMs: FETCH_LIMIT_MS })
  const fetched = code === 0 ? onDisk() : null
  return fetched === null ? { missing: 'its runtime could not be fetched' } : { path: fetched }
}

function whyNoWindow(): string | null {
  if (process.platform !== 'linux') return null
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'there is no display'
  // Chromium's sandbox cannot be had as root, and the window is not opened without it.
  return process.getuid?.() === 0 ? 'it does not run as root' : null
}

/** By the electron package's own rule: the file `path.txt` names the program. */
function onDisk(): string | null {
  const folder = join(ROOT, 'node_modules/electron')
  try {
    const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist')
    const path = join(dist, readFileSync(join(folder, 'path.txt'), 'utf8').trim())
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

/** Whether the download's host accepts a connection; the installer itself would try for minutes. */
async function isReachable(): Promise<boolean> {
  const { env } = process
  // Behind a proxy only the installer knows the way.
  if (env['HTTPS_PROXY'] ?? env['https_proxy'] ?? env['ELECTRON_GET_USE_PROXY']) return true
  const mirror = URL.parse(env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'] ?? 'https://github.com/')
  if (!mirror) return true
  return new Promise((done) => {
    const socket = connect({ host: mirror.hostname, port: Number(mirror.port) || (mirror.protocol === 'http:' ? 80 : 443) })
    const end = (reachable: boolean) => {
      socket.destroy()
      done(reachable)
    }
    socket.setTimeout(REACH_LIMIT_MS, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
