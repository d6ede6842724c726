import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { randomFile, sha256, User } from './support/user.ts'

async function download(app: Page, target: string, conflict?: string): Promise<void> {
  await app.getByRole('toolbar').getByRole('button', { name: 'Download', exact: true }).click()
  const dialog = app.getByTestId('download-dialog')
  await dialog.getByLabel('Save in').fill(target)
  if (conflict !== undefined) {
    await dialog.getByRole('combobox').click()
    await app.getByRole('option', { name: conflict }).click()
  }
  await dialog.getByRole('button', { name: 'Download', exact: true }).click()
  await expect(dialog).toBeHidden()
}

test('files that are there already are asked about once: compared, chosen one by one, the rest alike', async ({ app, folder }) => {
  const user = new User(app)
  const names = ['same.psd', 'changed.psd', 'other.jpg', 'fresh.jpg']
  for (const [i, name] of names.entries()) await randomFile(join(folder, 'in', name), 20_000 + i)
  await user.pickFiles(names.map((name) => join(folder, 'in', name)))
  await user.confirmUpload()
  await user.expectFileCount('4 files')
  const target = join(folder, 'out')
  await mkdir(target)
  await copyFile(join(folder, 'in/same.psd'), join(target, 'same.psd'))
  await writeFile(join(target, 'changed.psd'), 'my own work')
  await writeFile(join(target, 'other.jpg'), 'an older picture')
  await user.selectAll()
  await download(app, target, 'Ask me')

  const dialog = app.getByTestId('conflict-dialog')
  await expect(dialog).toContainText('3 files are there already')
  // Whatever is no conflict did not wait for the answer.
  await expect.poll(() => sha256(join(target, 'fresh.jpg')).catch(() => '')).toBe(await sha256(join(folder, 'in/fresh.jpg')))
  await dialog.getByRole('button', { name: 'Compare contents' }).click()
  await expect(dialog.getByText('Same content')).toHaveCount(1)
  await expect(dialog.getByText('Different content')).toHaveCount(2)
  const row = (name: string) => dialog.getByTestId('conflict-row').filter({ hasText: name })
  await expect(row('same.psd').getByRole('combobox')).toHaveText(/Skip/)
  await row('other.jpg').getByRole('combobox').click()
  await app.getByRole('option', { name: 'Replace' }).click()
  const { violations } = await new AxeBuilder({ page: app }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([])
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await expect(dialog).toBeHidden()

  await expect.poll(() => sha256(join(target, 'changed (2).psd')).catch(() => '')).toBe(await sha256(join(folder, 'in/changed.psd')))
  await expect.poll(() => sha256(join(target, 'other.jpg'))).toBe(await sha256(join(folder, 'in/other.jpg')))
  expect(await readFile(join(target, 'changed.psd'), 'utf8')).toBe('my own work')
  await user.goTo('transfers')
  const batch = app.getByTestId('transfer-batch').first()
  await expect(batch).toContainText('and 3 more')
  await expect(batch.getByRole('img', { name: /, Done$/ })).toBeVisible()
})

test('an answer that is put off is asked for in the list; cancelling leaves what is there', async ({ app, folder }) => {
  const user = new User(app)
  await randomFile(join(folder, 'poster.psd'), 5_000)
  await user.pickFiles([join(folder, 'poster.psd')])
  await user.confirmUpload()
  await user.expectFileCount('1 file')
  const target = join(folder, 'out')
  await mkdir(target)
  await writeFile(join(target, 'poster.psd'), 'mine')
  await user.selectAll()
  await download(app, target, 'Ask me')
  await app.getByTestId('conflict-dialog').getByRole('button', { name: 'Decide later' }).click()
  await user.goTo('transfers')
  const batch = app.getByTestId('transfer-batch').first()
  await expect(batch.getByRole('img', { name: 'Download, Needs your decision' })).toBeVisible()
  await batch.getByRole('button', { name: 'Decide…' }).click()
  await expect(app.getByTestId('conflict-dialog')).toBeVisible()
  await app.keyboard.press('Escape')
  await batch.getByRole('button', { name: 'Cancel poster.psd' }).click()
  await app.getByTestId('transfers-cancel-dialog').getByRole('button', { name: 'Cancel transfer' }).click()
  await expect(batch.getByRole('img', { name: 'Download, Cancelled' })).toBeVisible()
  expect(await readFile(join(target, 'poster.psd'), 'utf8')).toBe('mine')
})

test('what runs shows its speed, and gets another priority from its menu and from the palette', async ({ app, folder }) => {
  const user = new User(app)
  await randomFile(join(folder, 'film.mov'), 60 * 1_048_576)
  await user.limitUploads(4)
  await user.pickFiles([join(folder, 'film.mov')])
  await user.confirmUpload()
  await user.goTo('transfers')
  await expect(app.getByTestId('transfers-total').getByTestId('speed-graph')).toBeVisible()
  const batch = app.getByTestId('transfer-batch').first()
  await batch.getByRole('button', { name: 'More actions for film.mov' }).click()
  await app.getByRole('menuitem', { name: 'Priority' }).click()
  await app.getByRole('menuitemcheckbox', { name: 'High' }).click()
  await expect(batch.getByRole('img', { name: 'High priority' })).toBeVisible()
  await app.keyboard.press('Escape')
  await app.keyboard.press('Control+k')
  await app.getByTestId('palette').getByRole('combobox').fill('low priority')
  await app.getByRole('option', { name: /Low priority for .film\.mov/ }).click()
  await expect(batch.getByRole('img', { name: 'Low priority' })).toBeVisible()
})
