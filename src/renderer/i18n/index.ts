/** English and Simplified Chinese. One JSON file per language and feature; the file name is the namespace. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Settings } from '../../shared/contract.ts'

export type Language = 'en' | 'zh-CN'

const files = import.meta.glob<Record<string, unknown>>('./{en,zh-CN}/*.json', { eager: true, import: 'default' })

function resources(): Record<string, Record<string, Record<string, unknown>>> {
  const all: Record<string, Record<string, Record<string, unknown>>> = {}
  for (const [path, texts] of Object.entries(files)) {
    const [, language = '', namespace = ''] = /^\.\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? []
    all[language] = { ...all[language], [namespace]: texts }
  }
  return all
}

/** Must have run before anything is rendered; synchronous, since the texts are in the bundle. */
export function startI18n(language: Language): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: resources(),
    defaultNS: 'common',
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false
  })
  document.documentElement.lang = language
}

export function setLanguage(language: Language): void {
  if (i18next.language !== language) void i18next.changeLanguage(language)
  document.documentElement.lang = language
}

/** The language by the setting, or the system's. */
export function chosenLanguage(setting: Settings['language'], system: Language): Language {
  return setting === 'system' ? system : setting
}

/** Before the program told its settings: what the browser says. */
export function browserLanguage(languages: readonly string[]): Language {
  const first = languages.find((tag) => /^(en|zh)\b/i.test(tag))
  return first?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
