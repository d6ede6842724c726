/**
 * Files chosen in a page have no path that the program could read: they are streamed to a folder of its own, and their paths there
 * are what `transfers.upload` gets.
 */
import { AppError, fromErrorData, toAppError } from '../../shared/errors.ts'
import type { ErrorData } from '../../shared/errors.ts'

export interface SpoolFile {
  file: File
  /** Relative, with the folders it was in: 'holiday/beach.jpg'. */
  path: string
}

export interface SpoolProgress {
  doneFiles: number
  doneBytes: number
}

export interface SpoolResult {
  /** What to hand over: one path per file or folder that was dropped. */
  paths: string[]
  /** Files that could not be read or written; the others went through. */
  failures: { path: string; error: ErrorData }[]
}

/** How bytes leave the page; tests have their own. */
export interface SpoolPort {
  begin(signal: AbortSignal): Promise<{ spoolId: string; path: string }>
  /** Resolves when the whole file has arrived; reports bytes sent so far. */
  put(spoolId: string, path: string, file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<void>
  /** Throws away what a cancelled drop has left. */
  drop(spoolId: string): Promise<void>
}

/** Files at once: enough to hide the pauses between small ones, few enough for one disk. */
const LANES = 4

/** Errors that every further file would meet too. */
const FATAL = new Set(['LOCAL_DISK_FULL', 'LOCAL_READ_ONLY', 'LINK_LOST', 'ABORTED'])

export async function spoolFiles(
  files: readonly SpoolFile[],
  onProgress: (progress: SpoolProgress) => void,
  signal: AbortSignal,
  port: SpoolPort = httpSpool
): Promise<SpoolResult> {
  const { spoolId, path: root } = await port.begin(signal)
  const placed = distinct(files)
  const failures: SpoolResult['failures'] = []
  const stored = new Set<string>()
  let doneFiles = 0
  let doneBytes = 0
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < placed.length; at = next++) {
      const { file, path } = placed[at] as SpoolFile
      let sent = 0
      const tell = (bytes: number): void => {
        doneBytes += bytes - sent
        sent = bytes
        onProgress({ doneFiles, doneBytes })
      }
      try {
        await port.put(spoolId, path, file, tell, signal)
        stored.add(topOf(path))
        tell(file.size)
      } catch (error) {
        const known = toAppError(error)
        // The other lanes stop too.
        if (FATAL.has(known.code)) {
          next = placed.length
          throw known
        }
        failures.push({ path, error: known.toData() })
        tell(0)
      }
      doneFiles += 1
      onProgress({ doneFiles, doneBytes })
    }
  }
  try {
    await Promise.all(Array.from({ length: LANES }, lane))
  } catch (error) {
    // What is left there is removed at the program's next start in any case.
    await port.drop(spoolId).catch(() => undefined)
    throw error
  }
  return { paths: [...stored].map((top) => `${root}/${top}`), failures }
}

/** The dropped thing a file belongs to; one in a numbered folder (see below) is the file inside. */
function topOf(path: string): string {
  const parts = path.split('/')
  return parts[0]?.startsWith(TWIN) === true ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
}

const TWIN = '.again-'

/** Two files of the same name in one drop (from two folders of a search result) must not be one. */
function distinct(files: readonly SpoolFile[]): SpoolFile[] {
  const times = new Map<string, number>()
  return files.map((each) => {
    const path = each.path.normalize('NFC')
    const seen = times.get(path) ?? 0
    times.set(path, seen + 1)
    return seen === 0 ? each : { file: each.file, path: `${TWIN}${seen}/${path}` }
  })
}

const httpSpool: SpoolPort = {
  async begin(signal) {
    let response: Response
    try {
      response = await fetch('/spool', { method: 'POST', credentials: 'same-origin', signal })
    } catch (error) {
      throw signal.aborted ? new AppError('ABORTED') : new AppError('LINK_LOST', { cause: error })
    }
    const body: unknown = await response.json().catch(() => null)
    if (!response.ok) throw errorOf(body, response.status)
    return body as { spoolId: string; path: string }
  },
  // XMLHttpRequest, because fetch tells nothing about how far an upload is.
  put: (spoolId, path, file, onSent, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new AppError('ABORTED'))
      const request = new XMLHttpRequest()
      const abort = (): void => request.abort()
      signal.addEventListener('abort', abort)
      request.upload.addEventListener('progress', (event) => onSent(event.loaded))
      request.addEventListener('loadend', () => signal.removeEventListener('abort', abort))
      request.addEventListener('abort', () => reject(new AppError('ABORTED')))
      request.addEventListener('error', () => {
        // A file that vanished or may not be read fails like a network does: reading one byte tells them apart.
        file
          .slice(0, 1)
          .arrayBuffer()
          .then(
            () => reject(new AppError('LINK_LOST')),
            () => reject(new AppError('LOCAL_NOT_FOUND', { detail: { path } }))
          )
      })
      request.addEventListener('load', () => {
        if (request.status >= 200 && request.status < 300) return resolve()
        reject(errorOf(parse(request.responseText), request.status))
      })
      request.open('PUT', `/spool/${spoolId}?path=${encodeURIComponent(path)}`)
      request.send(file)
    }),
  async drop(spoolId) {
    await fetch(`/spool/${spoolId}`, { method: 'DELETE', credentials: 'same-origin' })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function errorOf(body: unknown, status: number): AppError {
  const error = typeof body === 'object' && body !== null && 'error' in body ? (body.error as ErrorData) : null
  return error === null
    ? new AppError('INTERNAL', { message: `INTERNAL: the spool answered ${status}`, detail: { status } })
    : fromErrorData(error)
}
