import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../../../src/renderer')
const LANGUAGES = ['en', 'zh-CN'] as const
type Language = (typeof LANGUAGES)[number]
/** What i18next adds to a key for a number; `_zero` may be added to either. */
const PLURALS: Record<Language, readonly string[]> = { en: ['one', 'other'], 'zh-CN': ['other'] }
/** The same in both languages: names, abbreviations, formats. */
const UNTRANSLATED = /^[\s\d\p{P}+]*$|^(CRC-32|FastDFS Desktop|ID|HTTP|Tracker|Leader|MB|MB\/s|English|group1\/M00.*)$/su

function namespaces(language: Language): string[] {
  return readdirSync(join(ROOT, 'i18n', language))
    .filter((name) => name.endsWith('.json'))
    .sort()
}

function flatten(value: unknown, prefix = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[prefix, value]])
  const found = new Map<string, string>()
  for (const [key, child] of Object.entries(value as object)) {
    for (const [path, text] of flatten(child, prefix === '' ? key : `${prefix}.${key}`)) found.set(path, text)
  }
  return found
}

function texts(language: Language, file: string): Map<string, string> {
  return flatten(JSON.parse(readFileSync(join(ROOT, 'i18n', language, file), 'utf8')))
}

const baseOf = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, '')
const variables = (text: string): string[] => [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? ''))].sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.tsx?$/.test(entry.name) ? [readFileSync(path, 'utf8')] : []
  })
}

const FILES = namespaces('en')

describe('the texts of the window', () => {
  it('exist in the same namespaces in both languages', () => {
    expect(namespaces('zh-CN')).toEqual(FILES)
    expect(FILES.length).toBeGreaterThan(5)
  })

  it.each(FILES)('have the same keys in both languages: %s', (file) => {
    const keys = LANGUAGES.map((language) => [...new Set([...texts(language, file).keys()].map(baseOf))].sort())
    expect(keys[1]).toEqual(keys[0])
  })

  it.each(FILES)('have every plural form that their language needs: %s', (file) => {
    for (const language of LANGUAGES) {
      const found = texts(language, file)
      const counted = [...found.keys()].filter((key) => key !== baseOf(key)).map(baseOf)
      const incomplete = counted.filter((key) => PLURALS[language].some((form) => !found.has(`${key}_${form}`)))
      expect(incomplete).toEqual([])
    }
  })

  it.each(FILES)('are neither empty nor left in English: %s', (file) => {
    const english = texts('en', file)
    const chinese = texts('zh-CN', file)
    const empty = [...english, ...chinese].filter(([, text]) => text.trim() === '').map(([key]) => key)
    const left = [...chinese]
      .filter(([, text]) => !/\p{Script=Han}/u.test(text) && !UNTRANSLATED.test(text.replaceAll(/\{\{.*?\}\}/g, '').trim()))
      .map(([key]) => key)
    expect({ empty, left }).toEqual({ empty: [], left: [] })
  })

  it.each(FILES)('use the same values in both languages: %s', (file) => {
    const english = texts('en', file)
    // `count` chooses a form; a form for one need not show it.
    const needed = (text: string | undefined): string[] => variables(text ?? '').filter((name) => name !== 'count' && name !== 'number')
    const different = [...texts('zh-CN', file)]
      .filter(([key, text]) => {
        const twins = [...english].filter(([other]) => baseOf(other) === baseOf(key)).map(([, twin]) => twin)
        const known = new Set(twins.flatMap(variables))
        const missing = needed(twins.at(-1)).filter((name) => !variables(text).includes(name))
        const unknown = variables(text).filter((name) => !known.has(name))
        return missing.length + unknown.length > 0
      })
      .map(([key]) => key)
    expect(different).toEqual([])
  })

  it('write Chinese with Chinese punctuation', () => {
    const bad = FILES.flatMap((file) =>
      [...texts('zh-CN', file)]
        .filter(([, text]) => /\p{Script=Han}[,;:?!]|[,;:?!]\p{Script=Han}/u.test(text))
        .map(([key]) => `${file} ${key}`)
    )
    expect(bad).toEqual([])
  })

  it('are all used', () => {
    const code = sources(ROOT).join('\n')
    // Keys are written out, or built from a prefix that is: t(`kind.${kind}`).
    const prefixes = [...code.matchAll(/`(?:[\w-]+:)?([\w.]*\.)\$\{/g)].map((match) => match[1] ?? '')
    const unused = FILES.flatMap((file) =>
      [...new Set([...texts('en', file).keys()].map(baseOf))]
        .filter((key) => !new RegExp(`['"\`:]${key.replaceAll('.', '\\.')}['"\`]`).test(code))
        .filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)))
        .map((key) => `${file} ${key}`)
    )
    expect(unused).toEqual([])
  })
})
