/** English and Simplified Chinese. One JSON file per language and feature; the file name is the namespace. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Settings } from '../../shared/contract.ts'
import { CORE, textsBackend } from './load-texts.ts'

export type Language = 'en' | 'zh-CN'

/** Must be done before anything is rendered. */
export async function startI18n(language: Language): Promise<void> {
  await i18next
    .use(textsBackend)
    .use(initReactI18next)
    .init({
      lng: language,
      ns: [...CORE],
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
