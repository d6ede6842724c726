import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { randomFile, sha256, User } from './support/user.ts'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

/** By Tab alone: what cannot be reached so is not there for who has no mouse. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let i = 0; i < 80; i += 1) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${String(target)}`)
}

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

async function command(page: Page, text: string, name: string): Promise<void> {
  const palette = page.getByTestId('palette')
  await page.keyboard.press('Control+k')
  await expect(palette.getByRole('combobox')).toBeFocused()
  await page.keyboard.insertText(text)
  await expect(palette.getByRole('option', { selected: true })).toContainText(name)
  await page.keyboard.press('Enter')
  await expect(palette).toBeHidden()
}

/** An option of the list that the box with the focus opens. */
async function choose(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name }).waitFor()
  const highlighted = page.locator('[role=option][data-highlighted]')
  for (let i = 0; i < 10 && !(await highlighted.allTextContents()).some((text) => text.startsWith(name)); i += 1) {
    await page.keyboard.press(i < 5 ? 'ArrowDown' : 'ArrowUp')
    await page.waitForTimeout(60)
  }
  await page.keyboard.press('Enter')
}

/** An entry of the menu of the row with the focus. */
async function fromMenu(page: Page, name: string): Promise<void> {
  const entry = page.getByRole('menuitem', { name })
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement
      return element?.getAttribute('role') === 'menuitem' ? (element.textContent ?? '') : ''
    })
  await page.keyboard.press('Shift+F10')
  await expect(entry).toBeVisible()
  await page.keyboard.press('Home')
  await expect.poll(focused).not.toBe('')
  for (let here = await focused(), i = 0; !here.startsWith(name) && i < 20; i += 1) {
    await page.keyboard.press('ArrowDown')
    // The focus follows the key, on a busy machine a moment later.
    await expect.poll(focused).not.toBe(here)
    here = await focused()
  }
  await page.keyboard.press('Enter')
  await expect(entry).toBeHidden()
}

test('by the keyboard alone: what was sent is copied and shown; what failed is explained, reported, tried again and removed', async ({
  app,
  folder
}) => {
  const user = new User(app)
  const paths = ['poster.psd', 'banner.png'].map((name) => join(folder, name))
  for (const path of paths) await randomFile(path, 20_000)
  await app.getByTestId('welcome').waitFor()
  const chooser = app.waitForEvent('filechooser')
  await app.keyboard.press('Control+o')
  await (await chooser).setFiles(paths)
  await expect(app.getByTestId('upload-sheet')).toBeVisible()
  await app.keyboard.press('Enter')
  await user.expectFileCount('2 files')
  // Once for the batch, whatever is in it; read to who does not see it.
  await expect(app.getByText(/^Uploaded: /)).toHaveCount(1)

  await app.keyboard.press('Control+2')
  const batch = app.getByTestId('transfer-batch').first()
  await expect(batch.getByRole('img', { name: 'Upload, Done' })).toBeVisible()
  await tabTo(app, batch)
  await app.keyboard.press('ArrowRight')
  await expect(batch).toHaveAttribute('aria-expanded', 'true')
  await expect(app.getByTestId('transfer-row')).toHaveCount(2)
  await app.keyboard.press('ArrowDown')
  await expect(app.getByTestId('transfer-row').first()).toBeFocused()
  await app.keyboard.press('Control+c')
  await expect.poll(() => clipboard(app)).toMatch(/^group\d\/M00\/\S+$/)
  const fileId = await clipboard(app)
  await app.keyboard.press('ArrowLeft')
  await expect(batch).toBeFocused()
  await app.keyboard.press('Control+c')
  await expect.poll(async () => (await clipboard(app)).split('\n').length).toBe(2)
  // No web address is known of the built-in cluster: the way to enter it stands beside the reason.
  await fromMenu(app, 'Copy links')
  await expect(app.getByText('Edit this connection…')).toBeVisible()
  await batch.focus()
  await fromMenu(app, 'Show in library')
  await user.expectFileCount('2 files')
  await expect(app.getByTestId('filter-chip')).toBeVisible()

  await command(app, 'paste file', 'Paste file IDs')
  const gone = fileId.replace(/[\w-]{8}(?=\.\w+$)/, 'AAAAAAAA')
  await app.getByTestId('paste-text').waitFor()
  await app.keyboard.insertText(`${fileId}\n${gone}`)
  await expect(app.getByTestId('paste-good')).toHaveCount(2)
  await tabTo(app, app.getByTestId('paste-dialog').getByRole('button', { name: 'Download…' }))
  await app.keyboard.press('Enter')
  const save = app.getByTestId('download-dialog').getByLabel('Save in')
  await tabTo(app, save)
  await app.keyboard.press('Control+a')
  await app.keyboard.insertText(join(folder, 'out'))
  await app.keyboard.press('Enter')
  await expect(app.getByTestId('download-dialog')).toBeHidden()

  await app.keyboard.press('Control+2')
  const failed = app.getByTestId('transfer-batch').first()
  await expect(failed.getByRole('img', { name: 'Download, Finished with failures' })).toBeVisible()
  const filters = app.getByRole('radiogroup', { name: 'Which transfers' })
  await tabTo(app, filters.getByRole('radio', { name: 'All' }))
  for (const name of ['Running', 'Waiting', 'Failed']) {
    await app.keyboard.press('ArrowRight')
    await expect(filters.getByRole('radio', { name })).toBeChecked()
  }
  // Under a filter the files are open: one failed, with its reason and what to do.
  const file = app.getByTestId('transfer-row')
  await expect(file).toHaveCount(1)
  await expect(file).toContainText('is not on the server')
  await expect(file).toContainText('Check the file ID')
  await tabTo(app, failed)
  await fromMenu(app, 'Copy report')
  await expect.poll(() => clipboard(app)).toContain('is not on the server')
  expect(await clipboard(app)).toContain(gone)
  await failed.focus()
  await app.keyboard.press('ArrowDown')
  await tabTo(app, file.getByRole('button', { name: /^Try .* again$/ }))
  await app.keyboard.press('Enter')
  await expect(file).toContainText('is not on the server')
  await tabTo(app, app.getByRole('button', { name: 'Retry all failed' }))
  await app.keyboard.press('Enter')
  await expect(failed.getByRole('img', { name: 'Download, Finished with failures' })).toBeVisible()
  // Tab leads to the row that had the focus last.
  await tabTo(app, app.getByTestId('transfers-list').locator('[role=row][tabindex="0"]'))
  await app.keyboard.press('Home')
  await expect(failed).toBeFocused()
  await app.keyboard.press('Delete')
  await expect(app.getByText('Nothing has failed')).toBeVisible()
  await expect(app.getByTestId('transfer-row')).toHaveCount(0)
})

test('conflicts are decided by the keyboard alone, file by file', async ({ app, folder }) => {
  const user = new User(app)
  for (const [i, name] of ['one.jpg', 'two.jpg'].entries()) await randomFile(join(folder, 'in', name), 9_000 + i)
  await user.pickFiles([join(folder, 'in/one.jpg'), join(folder, 'in/two.jpg')])
  await app.keyboard.press('Enter')
  await user.expectFileCount('2 files')
  const target = join(folder, 'out')
  await mkdir(target)
  for (const name of ['one.jpg', 'two.jpg']) await writeFile(join(target, name), 'mine')
  await user.selectAll()
  await command(app, 'download', 'Download')
  const dialog = app.getByTestId('download-dialog')
  await tabTo(app, dialog.getByLabel('Save in'))
  await app.keyboard.press('Control+a')
  await app.keyboard.insertText(target)
  await tabTo(app, dialog.getByRole('combobox'))
  await choose(app, 'Ask me')
  await expect(dialog.getByRole('combobox')).toHaveText(/Ask me/)
  await tabTo(app, dialog.getByRole('button', { name: 'Download', exact: true }))
  await app.keyboard.press('Enter')

  const conflicts = app.getByTestId('conflict-dialog')
  await expect(conflicts.getByTestId('conflict-row')).toHaveCount(2)
  await tabTo(app, conflicts.getByRole('radio', { name: 'Keep both' }))
  await app.keyboard.press('ArrowRight')
  await app.keyboard.press('ArrowRight')
  await expect(conflicts.getByRole('radio', { name: 'Skip' })).toBeChecked()
  const choice = conflicts.getByTestId('conflict-row').filter({ hasText: 'two.jpg' }).getByRole('combobox')
  await tabTo(app, choice)
  await choose(app, 'Replace')
  await expect(choice).toHaveText(/Replace/)
  await tabTo(app, conflicts.getByRole('button', { name: 'Go on' }))
  await app.keyboard.press('Enter')
  await expect(conflicts).toBeHidden()
  await expect.poll(() => sha256(join(target, 'two.jpg'))).toBe(await sha256(join(folder, 'in/two.jpg')))
  expect(await readFile(join(target, 'one.jpg'), 'utf8')).toBe('mine')
})
