/**
 * The language of the search box, read and written. Pure; the same on both sides: the window shows what was understood, the
 * library finds by it.
 *
 *   sky "blue sky" -draft ext:psd,ai size:>10mb created:2026-11 meta.project:spring is:image
 *
 * White space separates terms, and all of them must hold; commas separate values, of which one must. A minus excludes. Quotes hold
 * together. What begins like a filter that does not exist is a word, and says so.
 */
import { dateRange } from './dates.ts'
import { isValue, kindValue } from './kinds.ts'
import { sizeRange } from './sizes.ts'

export const FILTER_KEYS = ['group', 'ext', 'size', 'created', 'added', 'tag', 'folder', 'name', 'is', 'kind', 'meta'] as const
export type FilterKey = (typeof FILTER_KEYS)[number]

export interface Filter {
  key: FilterKey
  /** Of `meta.NAME:…`; '' for all other keys. */
  name: string
  /** As they are compared: endings and sizes in lower case, values of `is` and `kind` in English. At least one. */
  values: readonly string[]
}

/** Where a term stands in the text, from its minus to its last character. */
interface Span {
  start: number
  end: number
}

export type Term = Span & { not: boolean } & (
    | {
        type: 'text'
        text: string
        quoted: boolean
        /** The word begins like a filter that does not exist. */
        unknownKey: string | null
      }
    | { type: 'filter'; filter: Filter }
    /** No value yet: it narrows nothing. */
    | { type: 'unfinished'; key: FilterKey; name: string }
    /** A value that means nothing: it finds nothing. */
    | { type: 'invalid'; key: FilterKey; name: string; values: readonly string[]; bad: string }
  )

const ALIASES: Readonly<Record<string, FilterKey>> = {
  extension: 'ext',
  type: 'ext',
  path: 'folder',
  in: 'folder',
  tags: 'tag',
  date: 'created',
  uploaded: 'added',
  metadata: 'meta',
  组: 'group',
  分组: 'group',
  扩展名: 'ext',
  类型: 'ext',
  格式: 'ext',
  大小: 'size',
  创建: 'created',
  创建时间: 'created',
  添加: 'added',
  添加时间: 'added',
  上传时间: 'added',
  标签: 'tag',
  文件夹: 'folder',
  目录: 'folder',
  名称: 'name',
  文件名: 'name',
  是: 'is',
  状态: 'is',
  种类: 'kind',
  元数据: 'meta'
}

/** More is not typed by people. */
export const MAX_TERMS = 100
const MAX_VALUES = 64

const SPACE = /\s/u
const KEY = /([\p{L}][\p{L}\p{N}_-]*)(?:\.(?:"([^"]*)"|([^\s:："“”]+)))?[:：]/uy
/** What stands before a colon without being meant as a filter: 'http://', 'C:\'. */
const NO_FILTER = /^[/\\]/

function keyOf(word: string): FilterKey | null {
  const lower = word.toLowerCase()
  if ((FILTER_KEYS as readonly string[]).includes(lower)) return lower as FilterKey
  return Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? null) : null
}

/** A quoted text that starts at `at`, without its quotes; null when none starts there. A missing quote at the end is forgiven. */
function quotedAt(text: string, at: number): { value: string; end: number } | null {
  const close = text[at] === '"' ? '"' : text[at] === '“' ? '”' : null
  if (close === null) return null
  const found = text.indexOf(close, at + 1)
  const end = found < 0 ? text.length : found
  return {
    value: text
      .slice(at + 1, end)
      .replaceAll(/["“”]/g, ' ')
      .trim(),
    end: Math.min(text.length, end + 1)
  }
}

function wordEnd(text: string, at: number, stops: string): number {
  let end = at
  while (end < text.length && !SPACE.test(text[end]!) && !stops.includes(text[end]!)) end += 1
  return end
}

/** Values after the colon, and where they end. */
function valuesAt(text: string, at: number): { values: string[]; end: number } {
  const values: string[] = []
  let end = at
  while (end < text.length && values.length < MAX_VALUES) {
    const quoted = quotedAt(text, end)
    if (quoted !== null) {
      if (quoted.value !== '') values.push(quoted.value)
      end = quoted.end
    } else {
      const next = wordEnd(text, end, ',，、"“”')
      if (next > end) values.push(text.slice(end, next))
      end = next
    }
    if (!',，、'.includes(text[end] ?? ' ')) break
    end += 1
  }
  return { values, end }
}

/** The value as it is compared; null when it means nothing for this key. */
function normalized(key: FilterKey, value: string): string | null {
  switch (key) {
    case 'ext':
      return value.replace(/^\.+/, '').toLowerCase() || null
    case 'size': {
      const text = plain(value)
      return sizeRange(text) === null ? null : text
    }
    case 'created':
    case 'added': {
      const text = plain(value)
      // Whether it means something does not depend on the day.
      return dateRange(text, 0) === null ? null : text
    }
    case 'is':
      return isValue(plain(value))
    case 'kind':
      return kindValue(plain(value))
    default:
      return value
  }
}

const plain = (value: string): string => value.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, '')

/** The key that a text begins with, and how long it is with its colon; null when it begins with none. */
export function filterKey(text: string, at = 0): { key: FilterKey; name: string; length: number } | null {
  KEY.lastIndex = at
  const match = KEY.exec(text)
  if (match === null) return null
  const key = keyOf(match[1]!)
  const name = (match[2] ?? match[3] ?? '').trim()
  return key === null || (key === 'meta') !== (name !== '') ? null : { key, name, length: match[0].length }
}

function filterAt(text: string, start: number, at: number, not: boolean): Term | null {
  const found = filterKey(text, at)
  if (found === null) return null
  const { key, name, length } = found
  const { values, end } = valuesAt(text, at + length)
  const span = { start, end, not }
  if (values.length === 0) return { ...span, type: 'unfinished', key, name }
  const known: string[] = []
  for (const value of values) {
    const one = normalized(key, value)
    if (one === null) return { ...span, type: 'invalid', key, name, values, bad: value }
    if (!known.includes(one)) known.push(one)
  }
  return { ...span, type: 'filter', filter: { key, name, values: known } }
}

function unknownKey(word: string): string | null {
  const match = /^([a-z][a-z_.]+):(.+)$/i.exec(word)
  return match === null || NO_FILTER.test(match[2]!) ? null : match[1]!
}

/** Reads what was typed. Never throws; everything that was typed is in some term but white space and empty quotes. */
export function parseSearch(text: string): Term[] {
  const terms: Term[] = []
  let at = 0
  while (at < text.length && terms.length < MAX_TERMS) {
    if (SPACE.test(text[at]!)) {
      at += 1
      continue
    }
    const start = at
    const not = text[at] === '-' && at + 1 < text.length && !SPACE.test(text[at + 1]!)
    if (not) at += 1
    const quoted = quotedAt(text, at)
    if (quoted !== null) {
      if (quoted.value !== '') terms.push({ type: 'text', not, text: quoted.value, quoted: true, unknownKey: null, start, end: quoted.end })
      at = quoted.end
      continue
    }
    const filter = filterAt(text, start, at, not)
    if (filter !== null) {
      terms.push(filter)
      at = filter.end
      continue
    }
    // A closing quote without an opening one holds nothing together.
    const end = Math.max(wordEnd(text, at, '"“”'), at)
    const word = text.slice(at, end)
    if (word !== '') terms.push({ type: 'text', not, text: word, quoted: false, unknownKey: unknownKey(word), start, end })
    at = end === at || text[end] === '”' ? end + 1 : end
  }
  return terms
}

/** A value as it is typed: in quotes where it would be taken for something else. */
export function printValue(value: string): string {
  const clean = value.replaceAll(/["“”]/g, ' ').trim()
  return clean === '' || /[\s,，、]/u.test(clean) ? `"${clean}"` : clean
}

export function printKey(key: FilterKey, name: string): string {
  if (key !== 'meta') return key
  return `meta.${/^[^\s:："“”]+$/u.test(name) ? name : `"${name.replaceAll(/["“”]/g, ' ').trim()}"`}`
}

export function printFilter({ key, name, values }: Filter): string {
  return `${printKey(key, name)}:${values.map(printValue).join(',')}`
}

export function printTerm(term: Term): string {
  const minus = term.not ? '-' : ''
  switch (term.type) {
    case 'text':
      return `${minus}${term.quoted ? `"${term.text}"` : term.text}`
    case 'filter':
      return minus + printFilter(term.filter)
    case 'unfinished':
      return `${minus}${printKey(term.key, term.name)}:`
    case 'invalid':
      return `${minus}${printKey(term.key, term.name)}:${term.values.map(printValue).join(',')}`
  }
}

/** The terms as text, one space between them. Read again, it gives the same terms. */
export function printSearch(terms: readonly Term[]): string {
  return terms.map(printTerm).join(' ')
}

/** The text with `term` taken out. */
export function withoutTerm(text: string, term: Span): string {
  return `${text.slice(0, term.start)} ${text.slice(term.end)}`.replaceAll(/\s+/gu, ' ').trim()
}

/** Values of all positive filters of a key. */
export function filterValues(text: string, key: FilterKey): readonly string[] {
  return parseSearch(text).flatMap((term) => (term.type === 'filter' && !term.not && term.filter.key === key ? term.filter.values : []))
}

/** The text with exactly these values for a key, whatever filters of that key it had; none: without the filter. */
export function withFilter(text: string, key: Exclude<FilterKey, 'meta'>, values: readonly string[]): string {
  const others = parseSearch(text).filter((term) => {
    if (term.not || term.type === 'text') return true
    return (term.type === 'filter' ? term.filter.key : term.key) !== key
  })
  const rest = others.map((term) => text.slice(term.start, term.end)).join(' ')
  return values.length === 0 ? rest : `${rest} ${printFilter({ key, name: '', values })}`.trim()
}
