import type { IpcMain, IpcMainEvent, WebContents } from 'electron'
import type { App } from '../app/create-app.ts'
import { isPageDocument } from './page.ts'

/** Carries envelopes between one window and the application until the window is gone. Returns what takes it down. */
export function serveWindow(ipcMain: IpcMain, contents: WebContents, app: Pick<App, 'dispatch' | 'subscribe'>): () => void {
  const post = (message: unknown) => {
    if (!contents.isDestroyed()) contents.send('fdfs:message', message)
  }
  const receive = (event: IpcMainEvent, message: unknown) => {
    if (!isTrusted(event, contents)) return
    void app.dispatch(message).then(post)
  }
  const unsubscribe = app.subscribe(post)
  ipcMain.on('fdfs:call', receive)
  const end = () => {
    ipcMain.off('fdfs:call', receive)
    unsubscribe()
  }
  contents.once('destroyed', end)
  return end
}

/** Only the top frame of our own window, showing our own page. Others get no answer at all. */
function isTrusted(event: IpcMainEvent, contents: WebContents): boolean {
  const frame = event.senderFrame
  return event.sender === contents && frame !== null && frame === contents.mainFrame && isPageDocument(frame.url)
}
