import type { AppInfo, Settings } from '../../shared/contract.ts'
import type { App } from '../app/create-app.ts'

/** The settings that the shell itself follows. */
export interface ShellSettings {
  get(): Settings
  language(): 'en' | 'zh-CN'
  /** Runs now and after every change. */
  follow(listener: (settings: Settings) => void): void
}

export async function watchSettings(app: Pick<App, 'dispatch' | 'subscribe'>): Promise<ShellSettings> {
  const reply = await app.dispatch({ id: 0, name: 'app.info', input: {} })
  if ('error' in reply) throw new Error(reply.error.message)
  const info = reply.ok as AppInfo
  let settings = info.settings
  const listeners = new Set<(settings: Settings) => void>()
  app.subscribe((message) => {
    if (message.event !== 'settings.changed') return
    settings = (message.data as { settings: Settings }).settings
    for (const listener of listeners) listener(settings)
  })
  return {
    get: () => settings,
    language: () => (settings.language === 'system' ? info.systemLanguage : settings.language),
    follow(listener) {
      listeners.add(listener)
      listener(settings)
    }
  }
}
