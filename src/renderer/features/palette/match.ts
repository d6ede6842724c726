/** How well what is typed names an action. Pure. */

/** 0 = not at all; more is better. Every word must be found: at the start of the label, of a word, or anywhere. */
export function matchScore(typed: string, label: string): number {
  const words = typed
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
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

/** The best first; what is equally good stays in its order. */
export function bestMatches<T extends { label: string }>(typed: string, items: readonly T[]): T[] {
  if (typed.trim() === '') return [...items]
  return items
    .map((item, index) => ({ item, index, score: matchScore(typed, item.label) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ item }) => item)
}
