import { basename, join } from 'node:path'
import { BrowserWindow, Notification, app, dialog, safeStorage, shell } from 'electron'
import type { BaseWindow } from 'electron'
import { languageOf } from '../app/host.ts'
import type { Host, SecretSeal } from '../app/host.ts'
import type { HostWish } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'

/** The host of native windows. `window`: the one that dialogs belong to, null while there is none. `wishes`: as `Host.wishes`. */
export function createElectronHost(window: () => BaseWindow | null, wishes: () => HostWish[]): Host {
  const open = async (options: Electron.OpenDialogOptions): Promise<string[]> => {
    const parent = window()
    const { canceled, filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options))
    return canceled ? [] : filePaths
  }
  const seal = keychainSeal()
  return {
    can: { kind: 'electron', pickFiles: true, reveal: true, secrets: seal !== null, notify: Notification.isSupported(), dragOut: true },
    seal,
    wishes,
    platform: process.platform,
    systemLanguage: languageOf(app.getPreferredSystemLanguages()[0] ?? app.getLocale()),
    homeFolder: app.getPath('home'),
    downloadFolder: app.getPath('downloads'),
    // Windows and Linux cannot choose files and folders in one dialog: asked for both, they show folders only.
    pickFiles: ({ folders }) => open({ properties: [folders ? 'openDirectory' : 'openFile', 'multiSelections', 'showHiddenFiles'] }),
    pickFolder: async ({ start }) =>
      (await open({ properties: ['openDirectory', 'createDirectory'], ...(start === undefined ? {} : { defaultPath: start }) }))[0] ?? null,
    async pickSave({ name, start }) {
      const options = { defaultPath: join(start ?? app.getPath('downloads'), basename(name)) }
      const parent = window()
      const { canceled, filePath } = await (parent ? dialog.showSaveDialog(parent, options) : dialog.showSaveDialog(options))
      return canceled || filePath === '' ? null : filePath
    },
    async startDrag(paths) {
      const [file] = paths
      const contents = BrowserWindow.getFocusedWindow()?.webContents
      // Nothing is dragged by a window that lost the mouse meanwhile.
      if (file === undefined || contents === undefined) return
      contents.startDrag({ file, files: [...paths], icon: await app.getFileIcon(file) })
    },
    reveal(path) {
      shell.showItemInFolder(path)
      return Promise.resolve()
    },
    async openExternal(url) {
      // Checked again at the last door: any other scheme starts a program.
      if (!/^https?:\/\//i.test(url)) throw new AppError('INPUT_INVALID', { detail: { field: 'url' } })
      await shell.openExternal(url)
    }
  }
}

/** By the system's keychain. A Linux desktop without one would seal with a key that everybody knows: that is none. */
function keychainSeal(): SecretSeal | null {
  if (!safeStorage.isEncryptionAvailable()) return null
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return null
  return {
    close: (secret) => safeStorage.encryptString(secret).toString('base64'),
    open: (sealed) => safeStorage.decryptString(Buffer.from(sealed, 'base64'))
  }
}
