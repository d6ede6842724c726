/** Electron's security checklist (electronjs.org/docs/latest/tutorial/security), a test for each of its items, by its own numbers. */
import { readFileSync, readdirSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { runInThisContext } from 'node:vm'
import type { App, IpcMain, Session } from 'electron'
import { beforeEach, describe, expect, it } from 'vitest'
import { pageHeaders } from '../../../src/main/app/page-files.ts'
import { hardenContents, hardenSession } from '../../../src/main/electron/hardening.ts'
import { createElectronHost } from '../../../src/main/electron/host.ts'
import { isPageDocument, isPageUrl, pageUrl, registerPageScheme } from '../../../src/main/electron/page.ts'
import { serveWindow } from '../../../src/main/electron/transport.ts'
import { createMainWindow } from '../../../src/main/electron/window.ts'
import * as stub from '../../support/electron-stub.ts'
import { createFakeApp } from '../../support/fake-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

beforeEach(() => {
  stub.app.removeAllListeners()
  stub.BrowserWindow.all.length = 0
  stub.shell.opened.length = 0
})

/** All sources below a folder of `src`, as one text. */
function sources(folder: string): string {
  const entries = readdirSync(join('src', folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.(tsx?|html)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}
const shell = sources('main/electron')
const renderer = sources('renderer')

async function preferences(): Promise<Record<string, unknown>> {
  const window = createMainWindow({ statePath: join(await tempDir(), 'state.json') }) as unknown as stub.BrowserWindow
  return window.options.webPreferences ?? {}
}

const EVIL = ['https://evil.example/', 'http://127.0.0.1/', 'file:///etc/passwd', 'data:text/html,x', 'javascript:x', 'fdfs-app://evil/']
const PREVIEW = 'fdfs-app://app/preview/7?file=group1/M00/x.html'

function hardenedSession() {
  const { defaultSession } = stub.session
  hardenSession(defaultSession as unknown as Session)
  return defaultSession
}

function page(url = pageUrl()) {
  const { webContents } = new stub.BrowserWindow()
  webContents.mainFrame.url = url
  return webContents
}

describe("Electron's security checklist", () => {
  it('1. loads secure content only: a scheme of its own that counts as secure, and no request leaves the page', () => {
    stub.protocol.privileged.length = 0
    registerPageScheme()
    expect(stub.protocol.privileged).toEqual([
      { scheme: 'fdfs-app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }
    ])
    expect(pageUrl()).toBe('fdfs-app://app/')
    const session = hardenedSession()
    const cancelled = (url: string) => {
      let answer: boolean | null = null
      session.requests?.({ url }, ({ cancel }) => (answer = cancel))
      return answer
    }
    for (const url of ['http://evil.example/', 'HTTPS://evil.example', 'ws://127.0.0.1:1/', 'wss://x/', 'file:///etc/passwd', 'ftp://x/']) {
      expect(cancelled(url), `${url}`).toBe(true)
    }
    for (const url of [pageUrl(), PREVIEW, 'blob:fdfs-app://app/1', 'data:text/plain,x', 'devtools://devtools/x']) {
      expect(cancelled(url), `${url}`).toBe(false)
    }
    // The page itself names nothing outside.
    expect(readFileSync('src/renderer/index.html', 'utf8')).not.toMatch(/(src|href)="(https?:)?\/\//)
  })

  it('2. has no Node in pages, workers and frames', async () => {
    expect(await preferences()).toMatchObject({ nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false })
  })

  it('3. isolates the world of the preload from that of the page', async () => {
    expect((await preferences())['contextIsolation']).toBe(true)
  })

  it('4. runs every page in the sandbox, and switches it off nowhere', async () => {
    expect((await preferences())['sandbox']).toBe(true)
    expect(shell).toMatch(/^app\.enableSandbox\(\)$/m)
    expect(shell + readFileSync('scripts/start.ts', 'utf8')).not.toMatch(/no-sandbox|disable-setuid|sandbox: false/)
  })

  it('5. grants no permission but writing text to the clipboard, and that to our page only', () => {
    const session = hardenedSession()
    const names = ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fileSystem', 'clipboard-sanitized-write']
    for (const permission of names) {
      for (const [contents, ours] of [
        [page(), true],
        [page('https://evil.example/'), false],
        [page(PREVIEW), false]
      ] as const) {
        const expected = permission === 'clipboard-sanitized-write' && ours
        let granted: boolean | null = null
        session.permissionRequest?.(contents, permission, (value) => (granted = value))
        expect(granted, `${permission}`).toBe(expected)
        expect(session.permissionCheck?.(contents, permission), `${permission}`).toBe(expected)
      }
    }
    expect(session.permissionCheck?.(null, 'media')).toBe(false)
    expect(session.devices?.()).toBe(false)
    let prevented = false
    session.emit('will-download', { preventDefault: () => (prevented = true) })
    expect(prevented).toBe(true)
  })

  it('6. leaves the web security on', async () => {
    expect((await preferences())['webSecurity']).toBe(true)
    expect(shell).not.toMatch(/disable-web-security|bypassCSP|corsEnabled/)
  })

  it('7. has a strict content security policy: nothing inline, no eval, nothing from elsewhere', () => {
    const policy = pageHeaders()['content-security-policy'] ?? ''
    const directives = new Map(policy.split('; ').map((part) => [part.split(' ')[0] ?? '', part.split(' ').slice(1)]))
    for (const name of ['default-src', 'base-uri', 'form-action', 'frame-ancestors']) {
      expect(directives.get(name), `${name}`).toEqual(["'none'"])
    }
    for (const name of ['script-src', 'style-src', 'connect-src', 'worker-src', 'frame-src']) {
      expect(directives.get(name), `${name}`).toEqual(["'self'"])
    }
    expect(policy).not.toMatch(/unsafe|https?:|wss?:|\*/)
  })

  it('8. runs no insecure content', async () => {
    expect((await preferences())['allowRunningInsecureContent']).toBe(false)
  })

  it('9. and 10. uses no experimental and no blink features, and no switch of Chromium', async () => {
    expect(Object.keys(await preferences())).not.toEqual(expect.arrayContaining(['experimentalFeatures']))
    expect(shell).not.toMatch(/experimentalFeatures|enableBlinkFeatures|appendSwitch|appendArgument/)
  })

  it('11. and 12. has no webview, and lets none be attached', async () => {
    expect((await preferences())['webviewTag']).toBe(false)
    expect(renderer).not.toMatch(/<webview|allowpopups/)
    hardenContents(stub.app as unknown as App)
    let attached = true
    page().emit('will-attach-webview', { preventDefault: () => (attached = false) })
    expect(attached).toBe(false)
  })

  it('13. lets a window go nowhere, and its frames to previews only', () => {
    hardenContents(stub.app as unknown as App)
    const contents = page()
    const goes = (name: string, url: string, isMainFrame: boolean) => {
      let prevented = false
      contents.emit(name, { url, isMainFrame, preventDefault: () => (prevented = true) })
      return !prevented
    }
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const url of EVIL) {
        expect(goes(name, url, true), `${name} ${url}`).toBe(false)
        expect(goes(name, url, false), `${name} ${url}`).toBe(false)
      }
      expect(goes(name, `${pageUrl()}#/files`, true)).toBe(true)
      // In a window of its own a preview would stand where the program listens.
      expect(goes(name, PREVIEW, true)).toBe(false)
      expect(goes(name, PREVIEW, false)).toBe(true)
    }
  })

  it('14. opens no window that a page asks for', () => {
    hardenContents(stub.app as unknown as App)
    for (const url of [...EVIL, pageUrl()]) expect(page().windowOpenHandler?.({ url })).toEqual({ action: 'deny' })
  })

  it('15. gives the system web addresses only, never another scheme', async () => {
    const host = createElectronHost(
      () => null,
      () => []
    )
    await host.openExternal('https://example.com/')
    for (const url of ['file:///etc/passwd', 'smb://evil/share', 'ms-msdt:/id', 'javascript:x', '\nhttps://x', 'C:\\windows\\calc.exe']) {
      await expect(host.openExternal(url)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    expect(stub.shell.opened).toEqual(['https://example.com/'])
    expect(shell.match(/shell\.openExternal\(/g)).toHaveLength(1)
  })

  it('16. pins the version of Electron exactly, so that a newer one comes by a change that is tested', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> }
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { version?: string }> }
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/)
    expect(lock.packages['node_modules/electron']?.version).toBe(devDependencies['electron'])
  })

  it('17. listens to the document in our own windows only, on one channel', async () => {
    const reached: unknown[] = []
    const fake = createFakeApp({ 'files.folders': () => (reached.push(1), []) })
    const window = new stub.BrowserWindow()
    await window.loadURL(pageUrl())
    const end = serveWindow(stub.ipcMain as unknown as IpcMain, window.webContents as never, fake)
    const message = { id: 1, name: 'files.folders', input: {} }
    for (const url of [...EVIL, PREVIEW, '']) stub.deliver(window.webContents, { url }, 'fdfs:call', message)
    for (const url of [...EVIL, PREVIEW, '']) {
      window.webContents.mainFrame.url = url
      stub.deliver(window.webContents, window.webContents.mainFrame, 'fdfs:call', message)
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(reached).toEqual([])
    expect(stub.ipcMain.eventNames()).toEqual(['fdfs:call'])
    end()
    expect(shell).not.toMatch(/ipcMain\.handle\b/)
  })

  it('18. uses no file: URL: the page has a scheme of its own, and only its document is one', () => {
    expect(shell).not.toMatch(/loadFile\(|loadURL\(['"`]file:/)
    expect([isPageUrl('file:///app/index.html'), isPageDocument('file:///')]).toEqual([false, false])
    expect([isPageUrl(PREVIEW), isPageDocument(PREVIEW), isPageDocument(`${pageUrl()}?x#y`)]).toEqual([true, false, true])
  })

  it('19. sets every fuse that there is to set', () => {
    // What of it arrives in the program is looked at by the packed check.
    const config = readFileSync('electron-builder.yml', 'utf8')
    const fuses = Object.fromEntries([...config.matchAll(/^ {2}(\w+): (true|false)$/gm)].map(([, name, value]) => [name, value === 'true']))
    expect(fuses).toMatchObject({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false
    })
  })

  it('20. gives the page three functions, none of which leads to Electron', () => {
    const exposed: Record<string, Record<string, (...args: unknown[]) => unknown>> = {}
    const sent: unknown[][] = []
    const listeners = new Map<string, (...args: unknown[]) => void>()
    const ipcRenderer = {
      send: (...args: unknown[]) => void sent.push(args),
      on: (name: string, listener: (...args: unknown[]) => void) => (listeners.set(name, listener), ipcRenderer),
      off: (name: string) => (listeners.delete(name), ipcRenderer)
    }
    const electron = {
      contextBridge: { exposeInMainWorld: (name: string, value: never) => void (exposed[name] = value) },
      ipcRenderer,
      webUtils: { getPathForFile: () => '/a' }
    }
    const code = stripTypeScriptTypes(readFileSync('src/preload/index.ts', 'utf8')).replace(
      /^import \{([^}]+)\} from 'electron'$/m,
      'const {$1} = electron'
    )
    const preload = runInThisContext(`(function (electron) {${code}\n})`) as (given: unknown) => void
    preload(electron)
    expect(Object.keys(exposed)).toEqual(['fdfs'])
    const { fdfs } = exposed
    expect(Object.keys(fdfs ?? {}).sort()).toEqual(['onMessage', 'pathForFile', 'send'])
    expect(fdfs?.['send']?.({ id: 1 })).toBeUndefined()
    expect(sent).toEqual([['fdfs:call', { id: 1 }]])
    const heard: unknown[][] = []
    const stop = fdfs?.['onMessage']?.((...args: unknown[]) => heard.push(args)) as () => unknown
    listeners.get('fdfs:message')?.({ sender: ipcRenderer }, { id: 1, ok: null })
    // Without the event, which holds ipcRenderer.
    expect(heard).toEqual([[{ id: 1, ok: null }]])
    expect(stop()).toBeUndefined()
    expect(listeners.size).toBe(0)
  })

  it('and uses no remote module', () => {
    expect(`${shell}${renderer}${readFileSync('package.json', 'utf8')}`).not.toMatch(
      /@electron\/remote|electron\.remote|enableRemoteModule/
    )
  })
})
