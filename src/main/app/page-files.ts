/** The built page as both hosts serve it: which of its files may be had, and what the page may do. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2'
}

export interface PageFile {
  body: Buffer
  headers: Record<string, string>
}

/** The file that a URL path names, or null: only known types, nothing hidden, nothing outside `root`. Files of a page are small. */
export async function readPageFile(root: string, urlPath: string): Promise<PageFile | null> {
  const path = pagePath(root, urlPath)
  if (path === null) return null
  try {
    const body = await readFile(path)
    // Built assets carry a hash in their name and never change; the page itself is always asked for anew.
    const cache = path.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-store'
    return { body, headers: { 'content-type': TYPES[extname(path)] ?? '', 'cache-control': cache } }
  } catch {
    return null
  }
}

function pagePath(root: string, urlPath: string): string | null {
  let name: string
  try {
    name = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (name === '/') name = '/index.html'
  if (!name.startsWith('/') || /[\0\\:]/.test(name) || name.split('/').some((part) => part.startsWith('.'))) return null
  const path = normalize(join(root, name))
  return path.startsWith(root.endsWith(sep) ? root : root + sep) && Object.hasOwn(TYPES, extname(path)) ? path : null
}

/** No remote content, no inline script, no eval; the page may connect to its own host only. `connect`: sources besides 'self'. */
export function pageHeaders(connect: readonly string[] = []): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "worker-src 'self'",
    // The viewer of PDF files; nothing but previews allows to be framed.
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=()'
  }
}
