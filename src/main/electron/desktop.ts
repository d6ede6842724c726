import { Menu, app } from 'electron'
import { DEEP_LINK_SCHEME } from '../../shared/deep-link.ts'
import { menuTemplate, quickEntries } from './menu.ts'
import type { MenuOptions } from './menu.ts'

/** Menu bar, dock menu (macOS) and jump list (Windows), in the language of the settings. On Linux the desktop entry has the actions. */
export function installMenus(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options)))
  const entries = quickEntries(options)
  if (options.platform === 'darwin') app.dock?.setMenu(Menu.buildFromTemplate(entries.map(({ label, run }) => ({ label, click: run }))))
  if (options.platform !== 'win32') return
  const items = entries.map(({ label, argument }) => ({
    type: 'task' as const,
    title: label,
    description: label,
    program: process.execPath,
    args: argument,
    iconPath: process.execPath,
    iconIndex: 0
  }))
  app.setJumpList([{ type: 'tasks', items }])
}

/** Links of ours open this program. Only a packaged one asks for that: another would point at the bare runtime. */
export function claimLinks(platform: NodeJS.Platform): void {
  if (!app.isPackaged) return
  // Whatever a link holds, what follows the two dashes is no switch.
  if (platform === 'win32') app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME, process.execPath, ['--'])
  else app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME)
}
