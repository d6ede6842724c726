/** English and Simplified Chinese. One JSON file per language and feature; the file name is the namespace. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Settings } from '../../shared/contract.ts'

export type Language = 'en' | 'zh-CN'

const loaders = {
  en: () => import('./texts-en.ts'),
  'zh-CN': () => import('./texts-zh-CN.ts')
} satisfies Record<Language, () => Promise<{ default: Record<string, Record<string, unknown>> }>>

/** Namespace → texts, from './en/files.json' → texts. */
async function load(language: Language): Promise<Record<string, Record<string, unknown>>> {
  const { default: files } = await loaders[language]()
  return Object.fromEntries(Object.entries(files).map(([path, texts]) => [/([^/]+)\.json$/.exec(path)?.[1] ?? path, texts]))
}

/** Must be done before anything is rendered. */
export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: await load(language) },
    fallbackLng: false,
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false
  })
  document.documentElement.lang = language
}

/** Fetches the texts first, so that nothing is ever shown without words. */
export async function setLanguage(language: Language): Promise<void> {
  if (i18next.language === language) return
  if (!i18next.hasResourceBundle(language, 'common')) {
    for (const [namespace, texts] of Object.entries(await load(language))) i18next.addResourceBundle(language, namespace, texts)
  }
  await i18next.changeLanguage(language)
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
