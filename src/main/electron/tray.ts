import { Menu, Tray, nativeImage } from 'electron'
import type { TransferTotals } from '../../shared/model.ts'
import { partDone, unfinishedOf } from './activity.ts'
import { TRAY_PNG, TRAY_TEMPLATE_PNG } from './tray-icons.ts'
import { textsOf } from './texts.ts'
import type { Language } from './texts.ts'

export interface TrayActions {
  open(): void
  uploadFiles(): void
  control(action: 'pause' | 'resume'): void
  quit(): void
}

/** The icon beside the clock, there while the program may run without a window. */
export interface TrayIcon {
  show(totals: TransferTotals | null, language: Language): void
  close(): void
}

export function createTray(platform: NodeJS.Platform, actions: TrayActions): TrayIcon {
  const mac = platform === 'darwin'
  const image = nativeImage.createEmpty()
  const pictures = mac ? TRAY_TEMPLATE_PNG : TRAY_PNG
  for (const [scaleFactor, base64] of pictures) image.addRepresentation({ scaleFactor, dataURL: `data:image/png;base64,${base64}` })
  // macOS paints it in the colour of the menu bar.
  if (mac) image.setTemplateImage(true)
  const tray = new Tray(image)
  // Elsewhere a click opens the menu.
  if (platform === 'win32') tray.on('click', actions.open)
  let shown = ''
  return {
    show(totals, language) {
      const t = textsOf(language)
      const count = totals === null ? 0 : unfinishedOf(totals)
      const paused = totals?.paused === true
      const percent = totals === null ? 0 : Math.floor(100 * partDone(totals))
      const status = count === 0 ? t.tray.idle : paused ? t.tray.paused(count) : t.tray.running(count, percent)
      // Ten snapshots a second: a menu that is rebuilt closes under the user's hand.
      const now = `${language} ${paused} ${status}`
      if (now === shown) return
      shown = now
      tray.setToolTip(t.tray.tip(status))
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: t.tray.open, click: actions.open },
          { label: t.menu.uploadFiles, click: actions.uploadFiles },
          { type: 'separator' },
          { label: status, enabled: false },
          paused
            ? { label: t.tray.resume, click: () => actions.control('resume') }
            : { label: t.tray.pause, click: () => actions.control('pause') },
          { type: 'separator' },
          { label: t.menu.quit, click: actions.quit }
        ])
      )
    },
    close: () => tray.destroy()
  }
}
