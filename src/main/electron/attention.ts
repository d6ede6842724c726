import { BrowserWindow, app, nativeImage } from 'electron'
import type { Events } from '../../shared/contract.ts'
import type { App } from '../app/create-app.ts'
import { OVERLAY_PNG } from './tray-icons.ts'
import { textsOf } from './texts.ts'
import type { Language } from './texts.ts'

export interface AttentionOptions {
  app: Pick<App, 'subscribe'>
  platform: NodeJS.Platform
  language(): Language
  windows(): BrowserWindow[]
}

/** A batch that failed while nobody looked marks the icon in the taskbar (Windows) or bounces it (macOS) until somebody does. */
export function askForAttention(options: AttentionOptions): void {
  let marked = false
  const mark = (on: boolean) => {
    if (marked === on) return
    marked = on
    const image = on && options.platform === 'win32' ? overlay() : null
    const t = textsOf(options.language()).notification
    for (const window of options.windows()) {
      if (options.platform === 'win32') window.setOverlayIcon(image, on ? t.failuresUnseen : '')
      if (options.platform !== 'darwin') window.flashFrame(on)
    }
    if (on && options.platform === 'darwin') app.dock?.bounce('informational')
  }
  options.app.subscribe((message) => {
    if (message.event !== 'notice') return
    const { code } = message.data as Events['notice']
    if (code === 'BATCH_FAILED' && BrowserWindow.getFocusedWindow() === null) mark(true)
  })
  app.on('browser-window-focus', () => mark(false))
}

function overlay() {
  const image = nativeImage.createEmpty()
  for (const [scaleFactor, base64] of OVERLAY_PNG) image.addRepresentation({ scaleFactor, dataURL: `data:image/png;base64,${base64}` })
  return image
}
