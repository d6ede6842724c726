/**
 * Names that are safe on every computer, made from names that anybody may have chosen. The result is one path component,
 * never empty, never '.' or '..', without separators; it may be joined to a folder without further checks.
 */

/** File systems allow 255 bytes (Linux) or 255 UTF-16 units (Windows, macOS); the rest is kept for '.part' and numbering. */
const MAX_NAME_BYTES = 240
const MAX_EXT_BYTES = 40

// Windows: < > : " / \ | ? * and control characters. C1 controls, line separators and direction marks hide what a name says.
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const UNSAFE = /[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/i

/** One safe file or folder name. Unsafe characters become %XX, reserved names get an underscore, long ones are cut before the extension. */
export function safeName(wanted: string, maxBytes: number = MAX_NAME_BYTES): string {
  let name = wanted.toWellFormed().normalize('NFC').replace(UNSAFE, percent)
  // Windows drops dots and spaces at the end: two names would become one, and '..' would leave the folder.
  name = name.replace(/[. ]+$/u, (run) => run.replace(/[. ]/gu, percent))
  const stem = name.split('.', 1)[0]!
  if (RESERVED.test(stem.trimEnd())) name = `${stem.trimEnd()}_${name.slice(stem.length)}`
  if (name === '') name = '_'
  return fit(name, '', maxBytes)
}

/** 'a/b' → every part safe. Empty parts and '.' vanish; '..' becomes a name like any other. */
export function safeFolder(wanted: string): string {
  return wanted
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map((part) => safeName(part))
    .join('/')
}

/** 'photo.jpg', 2 → 'photo (2).jpg'. The stem is cut where the result would be too long. */
export function numberedName(name: string, n: number): string {
  return fit(name, ` (${n})`, MAX_NAME_BYTES)
}

/** Two names that some file system takes for the same have the same key. */
export function nameKey(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase()
}

/** Gives every claimed path a name of its own within one set (an archive, a batch), blind to case. */
export interface NameSet {
  /** Returns the name under which `folder/name` is free, and takes it. */
  claim(folder: string, name: string): string
}

export function createNameSet(): NameSet {
  const taken = new Set<string>()
  // Where to go on counting, so that ten thousand equal names do not count from 2 each.
  const counters = new Map<string, number>()
  return {
    claim(folder, name) {
      const first = nameKey(`${folder}/${name}`)
      let candidate = name
      let key = first
      for (let n = counters.get(first) ?? 2; taken.has(key); n++) {
        candidate = numberedName(name, n)
        key = nameKey(`${folder}/${candidate}`)
        counters.set(first, n + 1)
      }
      taken.add(key)
      return candidate
    }
  }
}

/** The name as a metadata value: at most 256 UTF-8 bytes, without the bytes that FastDFS uses as separators. */
export function metadataName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- the three separators of the metadata format
  return fit(name.toWellFormed().replace(/[\u0000-\u0002]/g, '_'), '', 256)
}

/** Splits before the extension; '.tar.gz' and the like stay together. A leading dot is part of the stem. */
function splitName(name: string): { stem: string; ext: string } {
  const match = /(?:\.tar)?\.[^. ]+$/u.exec(name)
  if (match === null || match.index === 0 || Buffer.byteLength(match[0]) > MAX_EXT_BYTES) return { stem: name, ext: '' }
  return { stem: name.slice(0, match.index), ext: match[0] }
}

function fit(name: string, suffix: string, maxBytes: number): string {
  const { stem, ext } = splitName(name)
  const room = maxBytes - Buffer.byteLength(suffix) - Buffer.byteLength(ext)
  if (Buffer.byteLength(stem) <= room) return `${stem}${suffix}${ext}`
  return `${cut(stem, room)}${suffix}${ext}`
}

/** The longest beginning of at most `bytes` UTF-8 bytes that ends between characters, not with a dot or space. */
function cut(text: string, bytes: number): string {
  let size = 0
  let result = ''
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    size += Buffer.byteLength(segment)
    if (size > bytes) break
    result += segment
  }
  const trimmed = result.replace(/[. ]+$/u, '')
  return trimmed === '' ? '_' : trimmed
}

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
