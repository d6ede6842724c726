/** Longest sort key in UTF-16 units: names that differ only beyond it are ordered by id. */
const MAX_KEY = 200

/**
 * Sort key of a name, compared by code point: case and width do not count, and numbers sort by value ('img 2' before 'img 10'),
 * because each run of digits is preceded by its length.
 */
export function nameKey(name: string): string {
  return fold(name)
    .slice(0, MAX_KEY * 2)
    .replaceAll(/[0-9]+/g, (digits) => {
      const value = digits.replace(/^0+(?=[0-9])/, '')
      return (value.length < 9 ? String(value.length) : `9${String(value.length).padStart(3, '0')}`) + value
    })
    .slice(0, MAX_KEY)
}

/** Text as it is compared: compatibility forms (full-width letters) and case folded, control characters as spaces. */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\p{Cc}+/gu, ' ')
}

/** 'a/b' without slashes at the ends, without empty, '.' and '..' parts. A virtual folder never becomes a path by itself. */
export function normalizeFolder(folder: string): string {
  return folder
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')
}

/** Extension in lower case without the dot, from the name when it has one, else `fallback` (the ID keeps at most 6 characters). */
export function extensionOf(name: string, fallback: string): string {
  const match = /[^./\\]\.((?:tar\.)?[\p{L}\p{N}_-]{1,16})$/iu.exec(name)
  return (match?.[1] ?? fallback).toLowerCase()
}
