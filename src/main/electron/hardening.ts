import type { App, Session, WebContents } from 'electron'
import { isPageUrl } from './page.ts'

/** What no page in this program may do, whatever it holds. Electron's security checklist, in one place. */
export function hardenContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isPageUrl(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      if (!isPageUrl(event.url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!isPageUrl(event.url)) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Permissions: none. Writing text to the clipboard after a click is all the page asks for. */
export function hardenSession(session: Session): void {
  const allowed = (permission: string, contents: WebContents | null) =>
    permission === 'clipboard-sanitized-write' && contents !== null && isPageUrl(contents.getURL())
  session.setPermissionRequestHandler((contents, permission, callback) => callback(allowed(permission, contents)))
  session.setPermissionCheckHandler((contents, permission) => allowed(permission, contents))
  session.setDevicePermissionHandler(() => false)
  // Downloads are made by the transfer engine, never by the page.
  session.on('will-download', (event) => event.preventDefault())
  session.setSpellCheckerEnabled(false)
}
