import type { MenuItemConstructorOptions } from 'electron'
import type { HostCommand } from '../../shared/contract.ts'
import { textsOf } from './texts.ts'
import type { Language } from './texts.ts'

export interface MenuOptions {
  platform: NodeJS.Platform
  language: Language
  /** Reloading is for those who work on the program. */
  isPackaged: boolean
  newWindow(): void
  /** To the window in front. */
  command(command: HostCommand): void
  checkForUpdates(): void
}

type Item = MenuItemConstructorOptions

const SEPARATOR: Item = { type: 'separator' }

/** The menu bar. The labels of roles are English wherever the program runs, so each has a label of ours. */
export function menuTemplate(options: MenuOptions): Item[] {
  const { platform } = options
  const t = textsOf(options.language).menu
  const mac = platform === 'darwin'
  const role = (name: NonNullable<Item['role']>, label: string): Item => ({ role: name, label })
  const does = (label: string, command: HostCommand, accelerator?: string): Item => ({
    label,
    click: () => options.command(command),
    ...(accelerator === undefined ? {} : { accelerator })
  })
  const settings = does(t.settings, 'go-settings', 'CmdOrCtrl+,')
  const updates: Item = { label: t.checkForUpdates, click: () => options.checkForUpdates() }
  const application: Item = {
    label: textsOf(options.language).name,
    submenu: [
      role('about', t.about),
      updates,
      SEPARATOR,
      settings,
      SEPARATOR,
      role('services', t.services),
      SEPARATOR,
      role('hide', t.hide),
      role('hideOthers', t.hideOthers),
      role('unhide', t.unhide),
      SEPARATOR,
      role('quit', t.quit)
    ]
  }
  const file: Item = {
    label: t.file,
    submenu: [
      { label: t.newWindow, accelerator: 'CmdOrCtrl+N', click: () => options.newWindow() },
      SEPARATOR,
      does(t.uploadFiles, 'upload-files', 'CmdOrCtrl+O'),
      does(t.uploadFolder, 'upload-folder', 'CmdOrCtrl+Shift+O'),
      does(t.paste, 'paste'),
      SEPARATOR,
      ...(mac ? [] : [settings, SEPARATOR]),
      role('close', t.close),
      ...(mac ? [] : [role('quit', t.exit)])
    ]
  }
  const edit: Item = {
    label: t.edit,
    submenu: [
      role('undo', t.undo),
      role('redo', t.redo),
      SEPARATOR,
      role('cut', t.cut),
      role('copy', t.copy),
      role('paste', t.pasteText),
      role('delete', t.delete),
      role('selectAll', t.selectAll)
    ]
  }
  const view: Item = {
    label: t.view,
    submenu: [
      does(t.files, 'go-files', 'CmdOrCtrl+1'),
      does(t.transfers, 'go-transfers', 'CmdOrCtrl+2'),
      does(t.cluster, 'go-cluster', 'CmdOrCtrl+3'),
      does(t.connections, 'go-connections', 'CmdOrCtrl+4'),
      SEPARATOR,
      // The page has this key itself: here it is shown.
      { ...does(t.palette, 'palette', 'CmdOrCtrl+K'), registerAccelerator: false },
      SEPARATOR,
      role('resetZoom', t.resetZoom),
      role('zoomIn', t.zoomIn),
      role('zoomOut', t.zoomOut),
      SEPARATOR,
      role('togglefullscreen', t.fullScreen),
      SEPARATOR,
      ...(options.isPackaged ? [] : [role('reload', t.reload)]),
      role('toggleDevTools', t.devTools)
    ]
  }
  const window: Item = {
    role: 'windowMenu',
    label: t.window,
    submenu: [role('minimize', t.minimize), ...(mac ? [role('zoom', t.zoom), SEPARATOR, role('front', t.front)] : [])]
  }
  const help: Item = {
    role: 'help',
    label: t.help,
    submenu: [does(t.shortcuts, 'shortcuts'), ...(mac ? [] : [SEPARATOR, updates, does(t.about, 'go-settings')])]
  }
  return [...(mac ? [application] : []), file, edit, view, window, help]
}

/** What the icon in the dock, the task bar or the tray offers. */
export interface QuickEntry {
  label: string
  /** The word that asks a start of the program for the same. */
  argument: string
  run(): void
}

/** The same few things everywhere. */
export function quickEntries(options: Pick<MenuOptions, 'language' | 'newWindow' | 'command'>): QuickEntry[] {
  const t = textsOf(options.language).menu
  const entry = (label: string, command: HostCommand): QuickEntry => ({
    label,
    argument: `--command=${command}`,
    run: () => options.command(command)
  })
  return [
    { label: t.newWindow, argument: '--new-window', run: () => options.newWindow() },
    entry(t.uploadFiles, 'upload-files'),
    entry(t.transfers, 'go-transfers')
  ]
}
