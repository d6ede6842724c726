import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { HOST_COMMANDS } from '../../shared/contract.ts'
import type { HostWish } from '../../shared/contract.ts'
import { DEEP_LINK_SCHEME, parseDeepLink } from '../../shared/deep-link.ts'

/** What a start of the program asks for. */
export interface StartRequest {
  dataDir: string | null
  newWindow: boolean
  wishes: HostWish[]
}

/** One call of `transfers.upload` takes no more. */
const MAX_PATHS = 200_000
const MAX_PATH_CHARS = 32_768

/** The words that are meant for us. An unpackaged program is started as `electron [switches] FOLDER …`: neither belongs to us. */
export function ownArguments(argv: readonly string[], isPackaged: boolean): string[] {
  const words = argv.slice(1)
  return isPackaged ? words : words.slice(words.findIndex((word) => !word.startsWith('-')) + 1)
}

/**
 * What follows `--fdfs`: the program is its own command line then (resources/bin/fdfs), beside a window that may be open. null: it is
 * not. What stands behind `--` came from a link or a file manager and never is a command.
 */
export function commandLineIn(argv: readonly string[]): string[] | null {
  const end = argv.indexOf('--')
  const at = argv.indexOf('--fdfs')
  return at === -1 || (end !== -1 && end < at) ? null : argv.slice(at + 1)
}

/**
 * Reads the words after the program's name: `--data DIR`, `--new-window`, `--command=NAME`, links, and files to upload (as paths or
 * as file: URLs, which file managers give). Chromium's own switches stand among them, and links come from any web page: what is not
 * understood is left out. `cwd`: what relative paths are relative to.
 */
export function readArguments(words: readonly string[], cwd: string): StartRequest {
  const request: StartRequest = { dataDir: null, newWindow: false, wishes: [] }
  const paths: string[] = []
  let onlyPaths = false
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word.toLowerCase().startsWith(`${DEEP_LINK_SCHEME}:`)) {
      const wish = linkWish(word)
      if (wish !== null) request.wishes.push(wish)
    } else if (onlyPaths || !word.startsWith('-')) {
      const path = pathOf(word, cwd)
      if (path !== null && paths.length < MAX_PATHS) paths.push(path)
    } else if (word === '--') onlyPaths = true
    else if (word === '--data') request.dataDir = words[++at] ?? null
    else if (word.startsWith('--data=')) request.dataDir = word.slice('--data='.length)
    else if (word === '--new-window') request.newWindow = true
    else if (word.startsWith('--command=')) {
      const command = HOST_COMMANDS.find((name) => name === word.slice('--command='.length))
      if (command !== undefined) request.wishes.push({ tag: 'command', command })
    }
  }
  if (paths.length > 0) request.wishes.push({ tag: 'upload', paths })
  return request
}

/** What a link asks of a window; null for one that is not trusted. */
export function linkWish(text: string): HostWish | null {
  const link = parseDeepLink(text)
  if (link === null) return null
  return link.tag === 'open' ? { tag: 'file', fileId: link.fileId } : { tag: 'connect', link: link.link }
}

function pathOf(word: string, cwd: string): string | null {
  if (word === '' || word.length > MAX_PATH_CHARS || word.includes('\0')) return null
  try {
    const path = /^file:/i.test(word) ? fileURLToPath(word) : resolve(cwd, word)
    return existsSync(path) ? path : null
  } catch {
    // A file: URL of another computer, or one with an encoded slash.
    return null
  }
}

const HandOver = z.object({
  words: z.array(z.string().max(MAX_PATH_CHARS)).max(MAX_PATHS),
  cwd: z.string().max(MAX_PATH_CHARS)
})
/** What a second start tells the first. */
export type HandOver = z.infer<typeof HandOver>

/** From another process: checked like anything from outside. null: not ours, or garbage. */
export function readHandOver(data: unknown): HandOver | null {
  const read = HandOver.safeParse(data)
  return read.success ? read.data : null
}
