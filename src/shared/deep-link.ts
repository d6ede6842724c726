/**
 * Links into the program: `fastdfs-desktop://open?id=<file ID>` and `fastdfs-desktop://connect?…`. Any web page can offer one and any
 * program can send one, so they are hostile until checked, and none of them does anything but show something to the user.
 */
import { isFileId } from './file-id.ts'

export const DEEP_LINK_SCHEME = 'fastdfs-desktop'

/** Far more than a connection with all its addresses needs. */
const MAX_CHARS = 8_192
const MAX_PARAMETERS = 100

export type DeepLink =
  | { tag: 'open'; fileId: string }
  /** The whole link, in the characters that are allowed; what it holds is checked by the form that shows it. */
  | { tag: 'connect'; link: string }

/** null: nothing we know, or nothing we trust. Only printable ASCII, no user, port, path or fragment, one action, nothing twice. */
export function parseDeepLink(text: string): DeepLink | null {
  if (text.length > MAX_CHARS || !/^[\x21-\x7e]+$/.test(text)) return null
  const found = new RegExp(`^${DEEP_LINK_SCHEME}://(open|connect)/?\\?([^#]*)$`, 'i').exec(text)
  if (!found) return null
  const [, action = '', query = ''] = found
  // What is left encoded after decoding once, or decodes to control characters, was made to deceive.
  const parameters = new URLSearchParams(query)
  const names = [...parameters.keys()]
  if (names.length === 0 || names.length > MAX_PARAMETERS) return null
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  for (const [name, value] of parameters) if (/[\x00-\x1f\x7f\ufffd]/.test(name + value)) return null
  if (action.toLowerCase() === 'connect') return { tag: 'connect', link: text }
  const id = parameters.get('id')
  return names.length === 1 && id !== null && isFileId(id) ? { tag: 'open', fileId: id } : null
}
