/** The texts of the window without the window: real JSON files in i18next. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'

const ROOT = join(import.meta.dirname, '../../../src/renderer/i18n')

export async function loadTexts(language: 'en' | 'zh-CN' = 'en'): Promise<void> {
  const resources = Object.fromEntries(
    ['en', 'zh-CN'].map((each) => [
      each,
      Object.fromEntries(
        readdirSync(join(ROOT, each)).map((file) => [
          file.replace('.json', ''),
          JSON.parse(readFileSync(join(ROOT, each, file), 'utf8')) as object
        ])
      )
    ])
  )
  await i18next.init({ lng: language, fallbackLng: 'en', resources, defaultNS: 'common', interpolation: { escapeValue: false } })
}
