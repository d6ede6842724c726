/** What could be meant at the caret of the search box: keys of filters, and their values. Pure. */
import type { SearchSuggestions } from '../../../../shared/model.ts'
import { IS_VALUES, KIND_VALUES } from '../../../../shared/search/kinds.ts'
import type { FilterKey } from '../../../../shared/search/syntax.ts'
import { FILTER_KEYS, filterKey, printKey, printValue } from '../../../../shared/search/syntax.ts'

/** What the library has to offer. */
export interface Sources extends SearchSuggestions {
  groups: readonly string[]
  tags: readonly string[]
  folders: readonly string[]
}

export interface Suggestion {
  type: 'key' | 'value'
  key: FilterKey
  /** As it is shown: 'ext:', 'psd', 'tag:hero'. */
  label: string
  /** What replaces the text from `from` to `to`. */
  insert: string
}

export interface Completion {
  from: number
  to: number
  items: Suggestion[]
}

const MAX_ITEMS = 8
const FIXED: Partial<Record<FilterKey, readonly string[]>> = {
  is: IS_VALUES,
  kind: KIND_VALUES,
  size: ['>10kb', '>100kb', '>1mb', '>10mb', '>100mb', '>1gb', '<100kb'],
  created: ['today', 'yesterday', '7d', '30d', 'month', 'year'],
  added: ['today', 'yesterday', '7d', '30d', 'month', 'year']
}

function valuesOf(key: FilterKey, name: string, sources: Sources): readonly string[] {
  switch (key) {
    case 'group':
      return sources.groups
    case 'ext':
      return sources.exts
    case 'tag':
      return sources.tags
    case 'folder':
      return sources.folders
    case 'meta':
      return Object.hasOwn(sources.metadataValues, name) ? (sources.metadataValues[name] ?? []) : []
    default:
      return FIXED[key] ?? []
  }
}

/** Those that start with what is typed first, then those that contain it; not what stands there already. */
function matching(values: readonly string[], typed: string): string[] {
  const wanted = typed.toLowerCase()
  const at = (value: string): number => value.toLowerCase().indexOf(wanted)
  const starts = values.filter((value) => at(value) === 0 && value.toLowerCase() !== wanted)
  return [...starts, ...values.filter((value) => at(value) > 0)].slice(0, MAX_ITEMS)
}

/** Where the term at the caret starts: behind the last white space that no quotes hold. */
function termStart(text: string, caret: number): number {
  let start = 0
  let quoted = false
  for (let at = 0; at < caret; at += 1) {
    const character = text[at]!
    if ('"“”'.includes(character)) quoted = character === '"' ? !quoted : character === '“'
    else if (!quoted && /\s/u.test(character)) start = at + 1
  }
  return text[start] === '-' ? start + 1 : start
}

/** The last value of a filter that is being typed. */
function lastValue(text: string, from: number, caret: number): { from: number; typed: string } {
  let start = from
  let quoted = false
  for (let at = from; at < caret; at += 1) {
    if ('"“”'.includes(text[at]!)) quoted = !quoted
    else if (!quoted && ',，、'.includes(text[at]!)) start = at + 1
  }
  return { from: start, typed: text.slice(start, caret).replaceAll(/["“”]/g, '') }
}

/** `asked`: the list was opened on purpose; between two terms it would only hide what was found. */
export function complete(text: string, caret: number, sources: Sources, asked = true): Completion {
  const start = termStart(text, caret)
  const before = text.slice(start, caret)
  const filter = filterKey(before)
  if (filter !== null) {
    const { key, name, length } = filter
    const { from, typed } = lastValue(text, start + length, caret)
    const items = matching(valuesOf(key, name, sources), typed)
    return { from, to: caret, items: items.map((value) => ({ type: 'value', key, label: value, insert: `${printValue(value)} ` })) }
  }
  if (before === '' && !asked && text.trim() !== '') return { from: start, to: caret, items: [] }
  const keys = FILTER_KEYS.filter((key) => key !== 'meta' && key.startsWith(before.toLowerCase())).map((key): Suggestion => {
    return { type: 'key', key, label: `${key}:`, insert: `${key}:` }
  })
  const metadata = matching(
    sources.metadataKeys.map((name) => printKey('meta', name)),
    before
  ).map((label): Suggestion => ({ type: 'key', key: 'meta', label: `${label}:`, insert: `${label}:` }))
  const tags = before.length < 2 ? [] : matching(sources.tags, before)
  const exact = before.length < 2 ? [] : sources.tags.filter((tag) => tag.toLowerCase() === before.toLowerCase())
  const tagged = [...exact, ...tags].map((tag): Suggestion => {
    const label = `tag:${printValue(tag)}`
    return { type: 'value', key: 'tag', label, insert: `${label} ` }
  })
  // With nothing typed it is a list of what there is; else tags are what is wanted most.
  const items = before === '' ? [...keys, ...metadata.slice(0, 2)] : [...tagged, ...keys, ...metadata]
  return { from: start, to: caret, items: items.slice(0, before === '' ? 12 : MAX_ITEMS) }
}

/** The text with a suggestion taken, and where the caret is then. */
export function accept(text: string, completion: Completion, item: Suggestion): { text: string; caret: number } {
  const head = text.slice(0, completion.from) + item.insert
  const tail = text.slice(completion.to)
  return { text: head + (head.endsWith(' ') ? tail.trimStart() : tail), caret: head.length }
}
