import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

/** Gzipped bytes of script until the first page can be used. */
const SCRIPT_LIMIT = 250_000

/** What is fetched by `open`, until nothing more is. */
async function scriptsOf(page: Page, open: () => Promise<unknown>): Promise<{ names: string[]; total: number }> {
  const scripts = new Map<string, Promise<Buffer>>()
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.set(new URL(response.url()).pathname, response.body())
  })
  await open()
  await page.waitForLoadState('networkidle')
  let total = 0
  for (const body of scripts.values()) total += gzipSync(await body).length
  const names = [...scripts.keys()]
  console.log(`first page: ${Math.round(total / 100) / 10} kB of script in ${names.length} files`)
  return { names, total }
}

test('the first page needs at most 250 kB of script, gzipped, and the texts of one language', async ({ page, host }) => {
  const { names, total } = await scriptsOf(page, async () => {
    await page.goto(host.url)
    await page.getByTestId('nav-files').waitFor()
  })
  expect(names.some((name) => name.includes('texts-en'))).toBe(true)
  expect(names.filter((name) => name.includes('texts-zh-CN'))).toEqual([])
  expect(total).toBeLessThanOrEqual(SCRIPT_LIMIT)
})

test('so does that of a library with files, folders and groups', async ({ app, folder, browser, host }) => {
  const root = join(folder, 'campaign')
  await mkdir(root)
  await writeFile(join(root, 'poster.psd'), 'poster')
  const user = new User(app)
  await user.pickFolder(root)
  await user.confirmUpload()
  await user.expectFileCount('1 file')
  const context = await browser.newContext({ storageState: await app.context().storageState() })
  const page = await context.newPage()
  const { total } = await scriptsOf(page, async () => {
    await page.goto(new URL('/', host.url).href)
    await page.getByTestId('file-row').waitFor()
    await page.getByTestId('filter-group').waitFor()
    await page.getByTestId('folder-tree').waitFor()
  })
  await context.close()
  expect(total).toBeLessThanOrEqual(SCRIPT_LIMIT)
})

test('the language changes without a restart, also in views that were opened before', async ({ app }) => {
  const user = new User(app)
  await user.goTo('connections')
  await expect(app.getByTestId('connections-view')).toContainText('Connections')
  await user.goTo('settings')
  await app.getByTestId('setting-language').click()
  await app.getByRole('option', { name: '简体中文' }).click()
  await expect(app.getByTestId('settings-view')).toContainText('设置')
  await user.goTo('connections')
  await expect(app.getByTestId('connections-view')).toContainText('连接')
})
