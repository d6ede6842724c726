/**
 * node test/pack/second-start.ts APP WORD…: the packaged program is started once more while it runs: a process of its own, in the
 * working directory of whoever starts it. Ends with 0 when it left at once, without a window and without touching the data.
 */
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as stub from '../support/electron-stub.ts'
import { shareInstanceLock } from './single-instance.ts'

const [appDir = '', ...words] = process.argv.slice(2)
const stubUrl = pathToFileURL(join(import.meta.dirname, '../support/electron-stub.ts')).href
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: stubUrl, shortCircuit: true } : next(specifier, context))
})
stub.app.isPackaged = true
shareInstanceLock()
stub.app.once('quit', () => process.exit(stub.BrowserWindow.all.length === 0 ? 0 : 1))
process.argv = [process.execPath, ...words]
await import(pathToFileURL(join(appDir, 'out/main/index.js')).href)
// It is the first one: something is wrong.
setTimeout(() => process.exit(3), 10_000)
