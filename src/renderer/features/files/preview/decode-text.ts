/** Text of bytes whose encoding nobody wrote down. Pure. */

export interface DecodedText {
  text: string
  /** As it is called in the list of encodings, for people: 'UTF-8'. */
  encoding: string
}

const BOMS: readonly [string, string, readonly number[]][] = [
  ['UTF-8', 'utf-8', [0xef, 0xbb, 0xbf]],
  ['UTF-16 LE', 'utf-16le', [0xff, 0xfe]],
  ['UTF-16 BE', 'utf-16be', [0xfe, 0xff]]
]

/** null: no text at all (bytes that no text has). `cut`: the bytes are the start of a longer file, and may end inside a character. */
export function decodeText(bytes: Uint8Array, cut: boolean): DecodedText | null {
  for (const [encoding, label, bom] of BOMS) {
    if (bom.every((byte, index) => bytes[index] === byte)) return { text: new TextDecoder(label).decode(bytes), encoding }
  }
  const wide = wideLabel(bytes)
  if (wide !== null) return { text: new TextDecoder(wide[1]).decode(bytes), encoding: wide[0] }
  if (bytes.subarray(0, 8_192).includes(0)) return null
  // Strict: what is not UTF-8 fails within a few characters. Chinese files without a mark are UTF-8 or of the GB family.
  for (const [encoding, label] of [
    ['UTF-8', 'utf-8'],
    ['GB 18030', 'gb18030']
  ] as const) {
    const text = strictly(label, bytes, cut)
    if (text !== null) return { text, encoding }
  }
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' }
}

function strictly(label: string, bytes: Uint8Array, cut: boolean): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: cut })
  } catch {
    return null
  }
}

/** Text of two bytes per character without a mark: nearly every other byte of Latin text is zero. */
function wideLabel(bytes: Uint8Array): [string, string] | null {
  const looked = Math.min(bytes.length, 2_048) & ~1
  if (looked < 8) return null
  let even = 0
  let odd = 0
  for (let at = 0; at < looked; at += 2) {
    if (bytes[at] === 0) even += 1
    if (bytes[at + 1] === 0) odd += 1
  }
  const most = (looked / 2) * 0.7
  if (odd > most && even === 0) return ['UTF-16 LE', 'utf-16le']
  if (even > most && odd === 0) return ['UTF-16 BE', 'utf-16be']
  return null
}
