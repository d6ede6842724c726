/**
 * Names by a pattern: `{name}` is the file's own name without its extension, `{n}` its number in the upload (`{nnn}`: with three
 * digits at least), `{date}` the day of the upload. The extension always stays; it need not be written.
 */

const MAX_CHARACTERS = 255

export function nameBy(pattern: string, original: string, number: number, now: number): string {
  const dot = original.lastIndexOf('.')
  const ext = dot > 0 ? original.slice(dot) : ''
  const stem = dot > 0 ? original.slice(0, dot) : original
  const made = pattern
    .replaceAll(/\{(name|date|n{1,9})\}/g, (_, token: string) => {
      if (token === 'name') return stem
      return token === 'date' ? dayOf(now) : String(number).padStart(token.length, '0')
    })
    // What would be a folder is none.
    .replaceAll(/[/\\\p{Cc}]/gu, '-')
    .trim()
  const given = ext !== '' && made.toLowerCase().endsWith(ext.toLowerCase()) ? made.slice(0, -ext.length) : made
  const room = Math.max(1, MAX_CHARACTERS - ext.length)
  return given === '' ? original : `${Array.from(given).slice(0, room).join('')}${ext}`
}

function dayOf(now: number): string {
  const date = new Date(now)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
