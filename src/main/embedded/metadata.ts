/**
 * Metadata as stored and sent: records separated by 0x01, name and value by the first 0x02, sorted by name in byte order,
 * nothing at the end (protocol page, section 7.7). Text here has one char per byte (latin1), so that UTF-8 passes unchanged.
 */
const RECORD = '\x01'
const FIELD = '\x02'

export const MAX_META_NAME = 64
export const MAX_META_VALUE = 256

/** A record without 0x02 is stored as it is: value null. */
type Pair = readonly [name: string, value: string | null]

/**
 * The new stored text, or null when the set is refused: a name or value is longer than it may be, or holds a NUL. (A real
 * storage cuts long ones silently and damages the text; refusing is the one deliberate difference.)
 */
export function applyMetadata(stored: string | null, sent: string, flag: 'O' | 'M'): string | null {
  const pairs = split(sent)
  if (pairs.some(([name, value]) => name.length > MAX_META_NAME || (value?.length ?? 0) > MAX_META_VALUE) || sent.includes('\0'))
    return null
  if (flag === 'O' || stored === null) return join(pairs)
  const merged = new Map(split(stored))
  for (const [name, value] of pairs) merged.set(name, value)
  return join([...merged])
}

function split(text: string): Pair[] {
  return text
    .split(RECORD)
    .filter((record) => record !== '')
    .map((record): Pair => {
      const at = record.indexOf(FIELD)
      return at < 0 ? [record, null] : [record.slice(0, at), record.slice(at + 1)]
    })
}

function join(pairs: readonly Pair[]): string {
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => (value === null ? name : name + FIELD + value))
    .join(RECORD)
}
