/** node test/pack/command-line.ts APP WORD…: the packaged program as its launcher starts it, on the streams and status of this process. */
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as stub from '../support/electron-stub.ts'

const [appDir = '', ...words] = process.argv.slice(2)
const stubUrl = pathToFileURL(join(import.meta.dirname, '../support/electron-stub.ts')).href
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: stubUrl, shortCircuit: true } : next(specifier, context))
})
stub.app.isPackaged = true
stub.app.exit = (status) => process.exit(status)
process.argv = [process.execPath, '--ozone-platform=headless', '--fdfs', ...words]
await import(pathToFileURL(join(appDir, 'out/main/index.js')).href)
