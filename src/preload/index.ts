/**
 * All that the page can reach of Electron: one channel in each direction and the path of a dropped file. Envelopes are checked
 * in the main process; here is no logic. Sandboxed, so CommonJS and without packages.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { EventEnvelope, Pipe, ReplyEnvelope } from '../shared/contract.ts'

const pipe: Pipe = {
  send: (message) => ipcRenderer.send('fdfs:call', message),
  onMessage(listener) {
    const receive = (_event: unknown, message: ReplyEnvelope | EventEnvelope) => listener(message)
    ipcRenderer.on('fdfs:message', receive)
    // Nothing but plain values may cross the bridge: `off` returns ipcRenderer itself.
    return () => {
      ipcRenderer.off('fdfs:message', receive)
    }
  },
  pathForFile: (file) => webUtils.getPathForFile(file as never)
}

contextBridge.exposeInMainWorld('fdfs', pipe)
