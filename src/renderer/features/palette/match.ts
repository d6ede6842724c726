/** How well what is typed names an action. Pure. */

/** 0 = not at all; more is better. Every word must be found: at the start of the label, of a word, or anywhere. */
export function matchScore(typed: string, label: string): number {
  const words = wordsOf(typed)
  const text = label.toLocaleLowerCase()
  let score = 1
  for (const word of words) {
    const at = text.indexOf(word)
    if (at < 0) return 0
    const before = at === 0 ? ' ' : (text[at - 1] ?? ' ')
    score += at === 0 ? 4 : /[\s:·…(-]/.test(before) ? 2 : 1
  }
  return score
}

function wordsOf(typed: string): string[] {
  return typed
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
}

interface Named {
  label: string
  /** Other words for it. */
  also?: string
  typedOnly?: boolean
  /** One of the words must be in here: a file's name alone means the file, not all that was done with it. */
  verb?: string
}

/** The best first; what is equally good stays in its order. Found by another word, it comes after all that are called so. */
export function bestMatches<T extends Named>(typed: string, items: readonly T[]): T[] {
  if (typed.trim() === '') return items.filter((item) => item.typedOnly !== true)
  return items
    .map((item, index) => ({ item, index, score: scoreOf(typed, item) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ item }) => item)
}

/** Words may be found in the label and among the others alike. */
function scoreOf(typed: string, { label, also, verb }: Named): number {
  if (verb !== undefined && !wordsOf(typed).some((word) => verb.toLocaleLowerCase().includes(word))) return 0
  const named = matchScore(typed, label)
  if (named > 0 || also === undefined) return named
  return matchScore(typed, `${label} ${also}`) > 0 ? 0.5 : 0
}
