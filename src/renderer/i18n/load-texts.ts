/** Where texts come from: those of the first page in one piece, those of every later view with that view. */
import type { BackendModule } from 'i18next'

type Texts = Record<string, unknown>

/** The namespaces that the shell and the first view speak: fetched before anything is rendered. */
export const CORE = ['cluster', 'common', 'files', 'transfers'] as const

/** Globs want literal lists: 'texts-en.ts' and 'texts-zh-CN.ts' name the same four. */
const core: Record<string, () => Promise<{ default: Record<string, Texts> }>> = {
  en: () => import('./texts-en.ts'),
  'zh-CN': () => import('./texts-zh-CN.ts')
}
const later = import.meta.glob<Texts>(['./*/*.json', '!./*/{cluster,common,files,transfers}.json'], { import: 'default' })

async function load(language: string, namespace: string): Promise<Texts> {
  if ((CORE as readonly string[]).includes(namespace)) {
    const texts = (await core[language]?.())?.default[`./${language}/${namespace}.json`]
    if (texts) return texts
  }
  const found = later[`./${language}/${namespace}.json`]
  if (!found) throw new Error(`No texts ${language}/${namespace}`)
  return found()
}

/** A view that needs a namespace waits for it (Suspense); a change of the language fetches all that are in use. */
export const textsBackend: BackendModule = {
  type: 'backend',
  init() {},
  read(language, namespace, done) {
    load(language, namespace).then(
      (texts) => done(null, texts),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null)
    )
  }
}
