import { app, dialog } from 'electron'
import type { BrowserWindow } from 'electron'

const TEXTS = {
  en: {
    message: (count: number) => (count === 1 ? 'One transfer is not finished.' : `${count} transfers are not finished.`),
    detail: 'They stop now and go on by themselves when you start FastDFS Desktop again.',
    quit: 'Quit',
    stay: 'Keep running'
  },
  'zh-CN': {
    message: (count: number) => `还有 ${count} 个传输未完成。`,
    detail: '它们将暂停，下次启动 FastDFS Desktop 时会自动继续。',
    quit: '退出',
    stay: '继续运行'
  }
}

export interface QuitGuardOptions {
  language: 'en' | 'zh-CN'
  window(): BrowserWindow | null
  unfinished(): number
  /** Ends the application's services; called once, before the process goes. */
  close(): Promise<void>
}

/** Longest the services may take to end; the journal makes a shorter end safe. */
const CLOSE_LIMIT_MS = 8_000

/** Asks before transfers are interrupted, and lets the process go only when everything is closed. `agreed`: the user said yes. */
export function guardQuit(options: QuitGuardOptions): { agreed(): boolean } {
  let agreed = false
  let closing = false
  let closed = false
  app.on('before-quit', (event) => {
    if (agreed) return
    const count = options.unfinished()
    if (count > 0 && !ask(options, count)) event.preventDefault()
    else agreed = true
  })
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    if (closing) return
    closing = true
    const limit = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS).unref())
    void Promise.race([options.close(), limit])
      .catch(() => undefined)
      .then(() => {
        closed = true
        app.quit()
      })
  })
  return { agreed: () => agreed }
}

function ask({ language, window }: QuitGuardOptions, count: number): boolean {
  const text = TEXTS[language]
  const box = {
    type: 'question' as const,
    message: text.message(count),
    detail: text.detail,
    buttons: [text.quit, text.stay],
    defaultId: 1,
    cancelId: 1
  }
  const parent = window()
  return (parent && !parent.isDestroyed() ? dialog.showMessageBoxSync(parent, box) : dialog.showMessageBoxSync(box)) === 0
}
