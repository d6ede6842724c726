import type { ListEncoding } from '../../../shared/import.ts'

/** How many bytes are looked at to find out the encoding. */
const LOOKED_AT = 1_048_576

/**
 * Text of a file whose encoding nobody tells: by its byte order mark, else UTF-8 when it is valid, else GBK, which is what Excel
 * writes on Chinese systems. `encoding` null = find out.
 */
export function decodeList(bytes: Buffer, encoding: ListEncoding | null): { text: string; encoding: ListEncoding } {
  const used = encoding ?? detect(bytes)
  // Drops the byte order mark.
  return { text: new TextDecoder(used).decode(bytes), encoding: used }
}

function detect(bytes: Buffer): ListEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  try {
    // A character that is cut at the end is no error.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, LOOKED_AT), { stream: true })
    return 'utf-8'
  } catch {
    return 'gbk'
  }
}
