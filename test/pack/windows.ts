/**
 * node test/pack/windows.ts APP DATA: the packaged program in plain Node with windows in a real Chromium, used as its user would
 * (test/support/shell-journeys.ts). Prints one line `RESULTS [...]`.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, expect } from '@playwright/test'
import * as stub from '../support/electron-stub.ts'
import { OPENED, shellJourneys } from '../support/shell-journeys.ts'
import { createChecks } from './checks.ts'
import { openInChromium } from './chromium-window.ts'
import { flatMenu } from './menu.ts'
import { shareInstanceLock } from './single-instance.ts'

const [appDir = '', folder = ''] = process.argv.slice(2)
const stubUrl = pathToFileURL(join(import.meta.dirname, '../support/electron-stub.ts')).href
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: stubUrl, shortCircuit: true } : next(specifier, context))
})
const { check, results } = createChecks()

const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path)
)
const browser = await chromium.launch(executablePath === undefined ? {} : { executablePath })
const pageOf = openInChromium(browser, join(appDir, 'out/preload/index.cjs'))

const dataDir = join(folder, 'data')
mkdirSync(dataDir, { recursive: true })
writeFileSync(join(folder, OPENED), 'opened with the program')
const manifest = JSON.parse(readFileSync(join(appDir, 'package.json'), 'utf8')) as { main: string }
stub.app.isPackaged = true
shareInstanceLock()
Object.assign(process, { resourcesPath: appDir })
stub.app.paths['downloads'] = folder
process.argv = [process.execPath, '--data', dataDir, join(folder, OPENED)]
await import(pathToFileURL(join(appDir, manifest.main)).href)
await expect.poll(() => stub.BrowserWindow.all.length, { timeout: 20_000 }).toBe(1)
const [window] = stub.BrowserWindow.all
assert.ok(window)

const steps = shellJourneys({
  folder,
  page: await pageOf(window),
  async menu(label) {
    const found = flatMenu(stub.Menu.installed ?? []).find((item) => item.label === label && item.click)
    assert.ok(found?.click, `no menu ${label}`)
    found.click()
  },
  choose: async (paths) => void (stub.dialog.answers.open = paths),
  answer: async (button) => void (stub.dialog.answers.button = button),
  asked: async () => JSON.stringify(stub.dialog.asked),
  async secondStart(words) {
    const script = join(import.meta.dirname, 'second-start.ts')
    const second = spawn(process.execPath, [script, appDir, '--data', dataDir, ...words], { cwd: folder, stdio: 'ignore' })
    const [status] = (await once(second, 'exit')) as [number | null]
    assert.equal(status, 0, 'the second start did not leave the place to the first')
  },
  followLink: async (url) => void stub.app.emit('open-url', { preventDefault: () => undefined }, url),
  pages: () => Promise.all(stub.BrowserWindow.getAllWindows().map((each) => pageOf(each))),
  closeFirstWindow: async () => window.close(),
  isAwake: async () => stub.powerSaveBlocker.active.size === 1,
  async ended() {
    await expect.poll(() => stub.app.ended, { timeout: 20_000 }).toBe(1)
    assert.equal(existsSync(join(dataDir, 'lock.json')), false)
  }
})
for (const [name, run] of steps) await check(`in a real page: ${name}`, run)

await browser.close()
process.stdout.write(`RESULTS ${JSON.stringify(results)}\n`, () => process.exit(0))
