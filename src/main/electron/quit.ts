import { app, dialog } from 'electron'
import type { BrowserWindow } from 'electron'
import { textsOf } from './texts.ts'
import type { Language } from './texts.ts'

export interface QuitGuardOptions {
  language(): Language
  window(): BrowserWindow | null
  unfinished(): number
  /** Ends the application's services; called once, before the process goes. */
  close(): Promise<void>
}

/** Longest the services may take to end; the journal makes a shorter end safe. */
const CLOSE_LIMIT_MS = 8_000

export interface QuitGuard {
  /** The program is about to go: the user said yes, or there was nothing to ask. */
  agreed(): boolean
  /** Closes everything without a question; afterwards the process may go at any time. */
  prepare(): Promise<void>
}

/** Asks before transfers are interrupted, and lets the process go only when everything is closed. */
export function guardQuit(options: QuitGuardOptions): QuitGuard {
  let agreed = false
  let closing: Promise<void> | null = null
  let closed = false
  const close = () => {
    const limit = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS).unref())
    closing ??= Promise.race([options.close(), limit])
      .catch(() => undefined)
      .then(() => {
        closed = true
      })
    return closing
  }
  app.on('before-quit', (event) => {
    if (agreed) return
    const count = options.unfinished()
    if (count > 0 && !ask(options, count)) event.preventDefault()
    else agreed = true
  })
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    if (closing === null) void close().then(() => app.quit())
  })
  return {
    agreed: () => agreed,
    prepare() {
      agreed = true
      return close()
    }
  }
}

function ask({ language, window }: QuitGuardOptions, count: number): boolean {
  const text = textsOf(language()).quit
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
