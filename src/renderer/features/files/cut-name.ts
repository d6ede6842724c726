/** Of the end of a long name, in Latin letters: versions and endings are told there. */
const TAIL = 12
const LONG = 24
/** Chinese, Japanese, Korean and pictures are as wide as two Latin letters. */
const WIDE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303f\uff01-\uff60]/u

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Where a long name may be cut: what comes before may be shortened, what comes after stays in sight. null = it is short. */
export function cutName(name: string): { head: string; tail: string } | null {
  // Most names: no need to look at their letters.
  if (name.length <= LONG / 2) return null
  const characters = Array.from(letters.segment(name), ({ segment }) => segment)
  const widths = characters.map((character) => (WIDE.test(character) ? 2 : 1))
  if (widths.reduce((sum, width) => sum + width, 0) < LONG) return null
  let at = characters.length
  let width = widths[at - 1] ?? 0
  while (at > 0 && width <= TAIL) {
    at -= 1
    width += widths[at - 1] ?? 0
  }
  return { head: characters.slice(0, at).join(''), tail: characters.slice(at).join('') }
}
