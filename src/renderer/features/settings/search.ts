/**
 * Search over whatever the settings show, in the language they show it in: a setting stays when its own text, or its section's
 * title, has every word that was typed. It works on what is drawn, so that no section has to register anything.
 */
import type { RefObject } from 'react'
import { useEffect, useState } from 'react'

const HIGHLIGHT = 'settings-search'

/** Words as they are compared: width and case make no difference. */
export function wordsOf(query: string): string[] {
  return plain(query)
    .split(/\s+/u)
    .filter((word) => word !== '')
}

export function hasAll(text: string, words: readonly string[]): boolean {
  const found = plain(text)
  return words.every((word) => found.includes(word))
}

/** Where the words stand in a text: [start, end) each, not overlapping, in order. */
export function hitsIn(text: string, words: readonly string[]): [number, number][] {
  // Case does not change lengths in the languages of the window; where it does, nothing is marked rather than something wrong.
  const lower = text.toLowerCase()
  if (lower.length !== text.length) return []
  const marks: [number, number][] = []
  for (const word of words) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + word.length)) marks.push([at, at + word.length])
  }
  marks.sort((a, b) => a[0] - b[0] || b[1] - a[1])
  return marks.filter(([start], index) => marks.slice(0, index).every(([, end]) => end <= start))
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

export interface Found {
  /** Settings that are shown. */
  count: number
  /** Sections (by `data-section`) that are shown. */
  sections: ReadonlySet<string>
}

/** Hides what does not match below `root` and marks what does. null = nothing is looked for. */
export function useSettingsSearch(root: RefObject<HTMLElement | null>, query: string): Found | null {
  const [found, setFound] = useState<Found | null>(null)
  useEffect(() => {
    const element = root.current
    if (element === null) return
    const words = wordsOf(query)
    const run = (): void => {
      const next = apply(element, words)
      setFound(words.length === 0 ? null : next)
    }
    run()
    if (words.length === 0) return
    // Settings come and go with others (a limit that is switched on), and texts arrive late.
    let frame = 0
    const observer = new MutationObserver(() => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(run)
    })
    observer.observe(element, { childList: true, characterData: true, subtree: true })
    return () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
      apply(element, [])
    }
  }, [root, query])
  return found
}

function apply(root: HTMLElement, words: readonly string[]): Found {
  const sections = new Set<string>()
  let count = 0
  const shown: HTMLElement[] = []
  for (const section of root.querySelectorAll<HTMLElement>('[data-section]')) {
    const title = section.querySelector('h2')?.textContent ?? ''
    const settings = [...section.querySelectorAll<HTMLElement>('[data-settings] > *')]
    const hits = settings.filter((setting) => hasAll(`${title} ${setting.textContent} ${setting.dataset['search'] ?? ''}`, words))
    for (const setting of settings) setting.hidden = !hits.includes(setting)
    section.hidden = hits.length === 0 && words.length > 0
    if (hits.length === 0) continue
    sections.add(section.dataset['section'] ?? '')
    count += hits.length
    shown.push(section)
  }
  mark(shown, words)
  return { count, sections }
}

/** By the browser's own highlights: nothing in the page is changed for it. */
function mark(elements: readonly HTMLElement[], words: readonly string[]): void {
  if (typeof CSS === 'undefined' || !('highlights' in CSS)) return
  CSS.highlights.delete(HIGHLIGHT)
  if (words.length === 0) return
  const ranges: Range[] = []
  for (const element of elements) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.parentElement?.closest('[hidden], select, option, .sr-only') !== null) continue
      for (const [start, end] of hitsIn(node.textContent ?? '', words)) {
        const range = new Range()
        range.setStart(node, start)
        range.setEnd(node, end)
        ranges.push(range)
      }
    }
  }
  CSS.highlights.set(HIGHLIGHT, new Highlight(...ranges))
}
