import { join } from 'node:path'
import { app, protocol } from 'electron'
import { toAppError } from '../../shared/errors.ts'
import { pageHeaders, readPageFile } from '../app/page-files.ts'
import type { OpenPreview } from '../app/preview.ts'

/** The page lives under a scheme of its own, not file:, so that it has an origin, gets no rights on files, and its headers are ours. */
const PAGE_SCHEME = 'fdfs-app'
const PAGE_ORIGIN = `${PAGE_SCHEME}://app`
const PAGE_URL = `${PAGE_ORIGIN}/`

/** Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }
  ])
}

/** Serves `out/renderer` and the previews of files; everything else is 404. */
export function servePage(preview: OpenPreview, rendererDir = join(import.meta.dirname, '..', 'renderer')): void {
  protocol.handle(PAGE_SCHEME, async (request) => {
    const url = new URL(request.url)
    if (url.host === 'app' && request.method === 'GET' && url.pathname.startsWith('/preview/'))
      return previewResponse(preview, request, url)
    const file = url.host === 'app' && request.method === 'GET' ? await readPageFile(rendererDir, url.pathname) : null
    if (file === null) return new Response('Not found', { status: 404 })
    return new Response(new Uint8Array(file.body), { headers: { ...pageHeaders(), ...file.headers } })
  })
}

async function previewResponse(open: OpenPreview, request: Request, url: URL): Promise<Response> {
  try {
    const preview = await open(url, request.headers.get('range') ?? undefined, request.signal)
    if (preview === null) return new Response('Not found', { status: 404 })
    const headers = { ...pageHeaders(), ...preview.headers }
    if (preview.status === 204) return new Response(null, { status: 204, headers })
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    // The chunk's memory is used again: the stream gets a copy. A page that stops reading makes the write fail, which ends the download.
    const sink = { write: (chunk: Buffer) => writer.write(new Uint8Array(chunk)) }
    preview
      .send(sink, request.signal)
      .then(
        () => writer.close(),
        (error: unknown) => writer.abort(error)
      )
      .catch(() => undefined)
    return new Response(readable, { status: preview.status, headers })
  } catch (error) {
    const known = toAppError(error)
    return Response.json({ error: known.toData() }, { status: known.code === 'NOT_FOUND' ? 404 : 502 })
  }
}

/** The server of `npm run dev`. A packaged program has none, whatever its environment says. */
function devUrl(): URL | null {
  const url = process.env['ELECTRON_RENDERER_URL']
  return app.isPackaged || url === undefined ? null : URL.parse(url)
}

/** What the window loads. */
export function pageUrl(): string {
  return devUrl()?.href ?? PAGE_URL
}

/** Whether a URL belongs to the page: its document, its files and previews. `origin` of a custom scheme is 'null' in Node's URL, so the parts are compared. */
export function isPageUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (isDev(url) || isOwn(url))
}

/** Whether a URL is what a window may show, and what the program listens to: the document alone. A preview is somebody else's content. */
export function isPageDocument(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (isDev(url) || (isOwn(url) && url.pathname === '/'))
}

function isDev(url: URL): boolean {
  return url.origin === devUrl()?.origin
}

function isOwn(url: URL): boolean {
  return url.protocol === `${PAGE_SCHEME}:` && url.host === 'app' && url.username === '' && url.password === ''
}
