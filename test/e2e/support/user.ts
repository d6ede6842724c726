/** What a user does with the window, in the window's own words. */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect } from './app.ts'

export class User {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** No serious accessibility violation in what is shown. */
  async expectAccessible(): Promise<void> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  }

  async goTo(view: 'files' | 'transfers' | 'cluster' | 'connections' | 'trash' | 'settings'): Promise<void> {
    await this.page.getByTestId(`nav-${view}`).click()
  }

  /** Chooses a folder with the browser's dialog and leaves the upload sheet open. */
  async pickFolder(path: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Upload', exact: true }).click()
    const chooser = this.page.waitForEvent('filechooser')
    await this.page.getByRole('menuitem', { name: 'Folder…' }).click()
    await (await chooser).setFiles(path)
    await expect(this.page.getByTestId('upload-sheet')).toBeVisible()
  }

  async pickFiles(paths: string[]): Promise<void> {
    await this.page.getByRole('button', { name: 'Upload', exact: true }).click()
    const chooser = this.page.waitForEvent('filechooser')
    await this.page.getByRole('menuitem', { name: 'Files…', exact: true }).click()
    await (await chooser).setFiles(paths)
    await expect(this.page.getByTestId('upload-sheet')).toBeVisible()
  }

  /** By the settings, so that an upload is still under way when something happens to it. */
  async limitUploads(megabytesPerSecond: number): Promise<void> {
    await this.goTo('settings')
    await this.page.getByRole('switch', { name: 'Limit the upload speed' }).click()
    const amount = this.page.getByRole('textbox', { name: 'Upload at most' })
    await amount.fill(String(megabytesPerSecond))
    await amount.press('Tab')
    await this.goTo('files')
  }

  async chooseGroup(group: string): Promise<void> {
    await this.page.getByTestId('upload-group').click()
    await this.page.getByRole('option', { name: new RegExp(`^${group}`) }).click()
  }

  async confirmUpload(): Promise<void> {
    const sheet = this.page.getByTestId('upload-sheet')
    await sheet.getByRole('button', { name: 'Upload', exact: true }).click()
    await expect(sheet).toBeHidden()
  }

  /** The number the library shows above the table. */
  async expectFileCount(text: string): Promise<void> {
    await expect(this.page.getByTestId('file-count')).toHaveText(text, { timeout: 120_000 })
  }

  row(name: string): Locator {
    return this.page.getByTestId('file-row').filter({ has: this.page.getByText(name, { exact: true }) })
  }

  async search(text: string): Promise<void> {
    await this.page.getByTestId('file-search').fill(text)
  }

  async selectAll(): Promise<void> {
    await this.page.getByTestId('file-table').focus()
    await this.page.keyboard.press('Control+a')
  }

  /** The batch on top of the transfers list. */
  batch(title: string | RegExp): Locator {
    return this.page.getByTestId('transfer-batch').filter({ hasText: title }).first()
  }

  /** Waits until the batch is through, whatever the outcome, and returns its line. */
  async settled(title: string | RegExp): Promise<Locator> {
    await this.goTo('transfers')
    const batch = this.batch(title)
    await expect(batch.getByRole('img', { name: /, (Done|Failed|Finished with failures|Cancelled)$/ })).toBeVisible({ timeout: 150_000 })
    return batch
  }

  async expectDone(title: string | RegExp): Promise<void> {
    const batch = await this.settled(title)
    await expect(batch.getByRole('img', { name: /, Done$/ })).toBeVisible()
  }
}

/** A file of random bytes; big ones are written in pieces. */
export async function randomFile(path: string, bytes: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  if (bytes < 1 << 20) return writeFile(path, randomBytes(bytes))
  const file = await open(path, 'w')
  const block = randomBytes(1 << 20)
  for (let at = 0; at < bytes; at += block.length) {
    block.writeUInt32BE(at >>> 20)
    await file.write(block, 0, Math.min(block.length, bytes - at))
  }
  await file.close()
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Relative path → SHA-256 of every file below a folder. */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const out: Record<string, string> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    out[relative(folder, path)] = await sha256(path)
  }
  return out
}
