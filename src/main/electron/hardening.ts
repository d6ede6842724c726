import type { App, CrashReporter, Session, WebContents } from 'electron'
import { isPageDocument, isPageUrl } from './page.ts'

/** Crash dumps are kept beside the data and sent nowhere. Must run before the app is ready. */
export function keepCrashDumps(app: App, crashReporter: CrashReporter, folder: string): void {
  app.setPath('crashDumps', folder)
  crashReporter.start({ uploadToServer: false, compress: false })
}

/** What no page in this program may do, whatever it holds. Electron's security checklist, in one place. */
export function hardenContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    // A window shows the page and nothing else; a frame of it may show a preview.
    const stay = (event: { url: string; isMainFrame: boolean; preventDefault(): void }) => {
      if (!(event.isMainFrame ? isPageDocument(event.url) : isPageUrl(event.url))) event.preventDefault()
    }
    contents.on('will-navigate', stay)
    contents.on('will-redirect', stay)
    contents.on('will-frame-navigate', stay)
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Permissions: none. Writing text to the clipboard after a click is all the page asks for. */
export function hardenSession(session: Session): void {
  const allowed = (permission: string, contents: WebContents | null) =>
    permission === 'clipboard-sanitized-write' && contents !== null && isPageDocument(contents.getURL())
  session.setPermissionRequestHandler((contents, permission, callback) => callback(allowed(permission, contents)))
  session.setPermissionCheckHandler((contents, permission) => allowed(permission, contents))
  session.setDevicePermissionHandler(() => false)
  // Downloads are made by the transfer engine, never by the page.
  session.on('will-download', (event) => event.preventDefault())
  session.setSpellCheckerEnabled(false)
  // The page's policy forbids it already; what slips past a policy still reaches no network and no file.
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: leavesThePage(details.url) }))
}

/** Chromium's own schemes (devtools:, chrome-extension: of the PDF viewer, blob:, data:) stay within the program. */
function leavesThePage(url: string): boolean {
  return /^(https?|wss?|ftp|file):/i.test(url) && !isPageUrl(url.replace(/^ws/i, 'http'))
}
