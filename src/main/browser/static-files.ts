import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm'
}

/** The file inside `root` that a URL path names, or null: only known types, nothing hidden, nothing outside. */
export function staticPath(root: string, urlPath: string): string | null {
  let name: string
  try {
    name = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (name === '/') name = '/index.html'
  if (!name.startsWith('/') || /[\0\\:]/.test(name) || name.split('/').some((part) => part.startsWith('.'))) return null
  const path = normalize(join(root, name))
  return path.startsWith(root.endsWith(sep) ? root : root + sep) && TYPES[extname(path)] !== undefined ? path : null
}

/** Sends a file of the built page. Built assets carry a hash in their name and never change; the page itself is always asked for anew. */
export async function sendStatic(response: ServerResponse, path: string, head: boolean): Promise<void> {
  const size = await sizeOf(path)
  if (size === null) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found')
    return
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-length': size,
    'cache-control': path.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-store'
  })
  if (head) response.end()
  else await pipeline(createReadStream(path), response)
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.size : null
  } catch {
    return null
  }
}
