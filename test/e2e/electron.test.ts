/**
 * The program in real Electron, on the same journeys as the packed program has with a stand-in. Where the runtime cannot be had this
 * says so and is skipped; FDFS_ELECTRON=required makes that a failure. The packaged program itself cannot be driven: its fuses shut
 * the inspector that Playwright needs.
 */
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { _electron, expect, test } from '@playwright/test'
import type { ElectronApplication } from '@playwright/test'
import { findRuntime } from '../../scripts/lib/electron-runtime.ts'
import { OPENED, shellJourneys } from '../support/shell-journeys.ts'
import { temporaryFolder } from './support/app.ts'

test('the program and the desktop around it, in real Electron', async () => {
  const runtime = await findRuntime({ fetch: false })
  const why = 'missing' in runtime ? runtime.missing : ''
  if (why !== '' && process.env['FDFS_ELECTRON'] === 'required') throw new Error(`Electron cannot run here: ${why}`)
  if (why !== '') console.log(`Skipped: Electron cannot run here: ${why}`)
  test.skip(why !== '', `Electron cannot run here: ${why}`)
  const executablePath = 'path' in runtime ? runtime.path : ''

  const folder = await temporaryFolder('electron')
  const dataDir = join(folder, 'data')
  writeFileSync(join(folder, OPENED), 'opened with the program')
  const app = await _electron.launch({ executablePath, args: [resolve('.'), '--data', dataDir, join(folder, OPENED)] })
  const ended = new Promise<void>((done) => app.once('close', () => done()))
  const page = await app.firstWindow()
  await prepareDialogs(app)

  const steps = shellJourneys({
    folder,
    page,
    menu: (label) =>
      app.evaluate(({ Menu }, wanted) => {
        const all = (items: Electron.MenuItem[]): Electron.MenuItem[] => items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])])
        const found = all(Menu.getApplicationMenu()?.items ?? []).find((item) => item.label === wanted && !item.submenu)
        if (!found) throw new Error(`no menu ${wanted}`)
        found.click()
      }, label),
    choose: (paths) => app.evaluate((_electronModule, given) => void Object.assign(globalThis, { chosen: given }), paths),
    answer: (button) => app.evaluate((_electronModule, given) => void Object.assign(globalThis, { button: given }), button),
    asked: () => app.evaluate(() => JSON.stringify(Reflect.get(globalThis, 'asked'))),
    secondStart: (words) =>
      app.evaluate((electron, handOver) => void electron.app.emit('second-instance', {}, [], '', handOver), { words, cwd: folder }),
    followLink: (url) => app.evaluate((electron, given) => void electron.app.emit('open-url', { preventDefault() {} }, given), url),
    pages: async () => app.windows(),
    closeFirstWindow: () =>
      // Later, so that the answer still finds its way.
      app.evaluate(({ BrowserWindow }) => void setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 50)),
    isAwake: () => app.evaluate(({ powerSaveBlocker }) => [0, 1, 2, 3].some((id) => powerSaveBlocker.isStarted(id))),
    async ended() {
      await ended
      assert.equal(existsSync(join(dataDir, 'lock.json')), false)
    }
  })
  for (const [name, run] of steps) await test.step(name, run)
})

/** Native dialogs stop a test for ever: they are answered, and what they asked is kept. */
async function prepareDialogs(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ dialog }) => {
    const state: { chosen: string[]; button: number; asked: unknown[] } = Object.assign(globalThis, { chosen: [], button: 0, asked: [] })
    const box = (...args: unknown[]) => {
      state.asked.push(args.map((each) => (typeof each === 'object' && each !== null && 'message' in each ? each.message : null)))
      return state.button
    }
    dialog.showOpenDialog = () => Promise.resolve({ canceled: state.chosen.length === 0, filePaths: state.chosen })
    dialog.showMessageBoxSync = box
    dialog.showMessageBox = (...args: unknown[]) => Promise.resolve({ response: box(...args), checkboxChecked: false })
  })
  expect(await app.evaluate(({ app: running }) => running.isReady())).toBe(true)
}
