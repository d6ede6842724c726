/**
 * Every view of the window with something in it, in any language: looked at by the accessibility check, and photographed for the tour
 * and for review. A scene begins in the library with nothing open, and leaves what is open to `leave`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import type { HostProcess } from './app.ts'
import { randomFile } from './user.ts'
import type { Link } from './link.ts'
import { openLink } from './link.ts'

export type Locale = 'en' | 'zh-CN'

export interface Stage {
  page: Page
  link: Link
  /** A text of the window: 'files:command.upload'. */
  t(key: string): string
}

interface Scene {
  name: string
  show(stage: Stage): Promise<void>
}

const TEXTS = join(import.meta.dirname, '../../../src/renderer/i18n')

/** Opens the window on an empty library. `folder` is for the files that scenes send and receive. */
export async function openStage(page: Page, host: HostProcess, locale: Locale): Promise<Stage> {
  await page.goto(host.url)
  await page.getByTestId('nav-files').waitFor()
  const texts = new Map<string, unknown>()
  for (const file of ['files', 'conflicts', 'palette']) {
    texts.set(file, JSON.parse(await readFile(join(TEXTS, locale, `${file}.json`), 'utf8')))
  }
  const t = (key: string): string => {
    const [file = '', path = ''] = key.split(':')
    const found = path.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], texts.get(file))
    if (typeof found !== 'string') throw new Error(`no text ${key}`)
    return found
  }
  return { page, link: await openLink(host.url), t }
}

const POSTER = '海报 Poster.jpg'

/** Sample files; then transfers of every kind: done, failed, running, and one that asks. Resolves when they stand. */
export async function furnish({ page, link }: Stage, folder: string): Promise<void> {
  await page.getByTestId('welcome').getByRole('button').first().click()
  await page.getByTestId('file-row').nth(15).waitFor()
  await page.getByTestId('tour').waitFor()
  await page.keyboard.press('Escape')
  const ids = (await page.getByTestId('file-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-file-id')))) as string[]
  await link.call('order.saveTag', { name: 'hero', color: 'orange' })
  await link.call('order.saveTag', { name: '待审', color: 'purple' })
  await link.call('order.tag', { selection: { query: { text: 'Poster' }, exceptIds: [] }, add: ['hero'], remove: [] })
  await link.call('order.saveSearch', { name: 'PNG', query: { text: 'ext:png' }, sort: null })
  // One goes to the trash, some downloads fail, some find a file where they want to go.
  await link.call('trash.put', { selection: { query: { text: 'Chime' }, exceptIds: [] }, confirmed: true })
  const gone = (ids[0] ?? '').replace(/[\w-]{8}(?=\.\w+$)/, 'AAAAAAAA')
  await link.call('transfers.download', { fileIds: [gone, ids[2]], target: join(folder, 'out'), conflict: 'rename', keepFolders: false })
  await mkdir(join(folder, 'there'), { recursive: true })
  for (const name of ['Dunes.jpg', 'Sunrise.jpg']) await writeFile(join(folder, 'there', name), 'an older picture')
  await link.call('transfers.download', {
    selection: { query: { folder: 'Landscapes' }, exceptIds: [] },
    target: join(folder, 'there'),
    conflict: 'ask',
    keepFolders: false
  })
  await page.getByTestId('conflict-dialog').waitFor()
  await page.keyboard.press('Escape')
  await link.call('settings.set', { uploadLimitBytes: 500_000 })
  for (const name of ['主视觉 Key visual.psd', 'Teaser 30s.mov']) await randomFile(join(folder, '春季活动', name), 40_000_000)
  await link.call('transfers.upload', { paths: [join(folder, '春季活动')] })
  await page.getByTestId('transfers-badge').waitFor()
  await page.getByTestId('file-row').filter({ hasText: POSTER }).waitFor()
}

/** Closes what a scene has opened, and goes back to the library. */
export async function leave({ page }: Stage): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    const open = page.locator('[role=dialog], [role=alertdialog], [role=menu], [data-testid=quick-preview]')
    if ((await open.count()) === 0) break
    await page.keyboard.press('Escape')
    await page.waitForTimeout(150)
  }
  if ((await page.getByTestId('grid-view').count()) > 0) await page.getByTestId('grid-view').getByRole('button').first().click()
  await page.getByTestId('nav-files').click()
  await page.getByTestId('file-table').or(page.getByTestId('file-grid')).or(page.getByTestId('welcome')).first().waitFor()
}

const row = ({ page }: Stage, name: string): Locator => page.getByTestId('file-row').filter({ hasText: name })

async function select(stage: Stage): Promise<void> {
  await row(stage, POSTER).click()
  await stage.page.getByTestId('inspector-file-id').waitFor()
}

const view =
  (name: 'transfers' | 'cluster' | 'connections' | 'trash' | 'settings', ready: string) =>
  async ({ page }: Stage): Promise<void> => {
    await page.getByTestId(`nav-${name}`).click()
    await page.getByTestId(ready).first().waitFor()
  }

/** By the menu of files, which is the same in every language. */
async function fromMenu(stage: Stage, key: string): Promise<void> {
  await select(stage)
  await row(stage, POSTER).click({ button: 'right' })
  await stage.page
    .getByRole('menuitem', { name: stage.t(key) })
    .first()
    .click()
}

/** By the command palette; `ready`: what appears. */
async function command(stage: Stage, key: string, ready: string): Promise<void> {
  const palette = stage.page.getByTestId('palette')
  await stage.page.keyboard.press('Control+k')
  await palette.getByRole('combobox').fill(stage.t(key))
  await palette
    .getByRole('option', { name: stage.t(key) })
    .first()
    .click()
  await stage.page.getByTestId(ready).waitFor()
}

async function layout({ page }: Stage, index: number): Promise<void> {
  await page.getByTestId('view-options').click()
  await page.getByRole('menuitem').nth(index).click()
}

/** Before there is any file. */
export const FIRST_SCENES: readonly Scene[] = [
  { name: 'welcome', show: ({ page }) => page.getByTestId('welcome').waitFor() },
  { name: 'transfers-empty', show: view('transfers', 'transfers-view') },
  { name: 'trash-empty', show: view('trash', 'trash-view') }
]

export const SCENES: readonly Scene[] = [
  { name: 'library', show: select },
  {
    name: 'grid',
    async show(stage) {
      await layout(stage, 1)
      await stage.page.getByTestId('file-grid').waitFor()
      await stage.page.waitForTimeout(800)
      await select(stage)
    }
  },
  {
    name: 'compact',
    async show(stage) {
      await layout(stage, 0)
      await layout(stage, 3)
      await stage.page.getByTestId('file-table').focus()
      await stage.page.keyboard.press('Control+a')
      await stage.page.getByTestId('selected-count').waitFor()
    }
  },
  {
    name: 'nothing-found',
    async show(stage) {
      await layout(stage, 2)
      await stage.page.getByTestId('file-table').focus()
      await stage.page.keyboard.press('Escape')
      await stage.page.getByTestId('file-search').fill('ext:psd 不存在')
      await stage.page.getByTestId('file-row').first().waitFor({ state: 'detached' })
      await stage.page.waitForTimeout(400)
    }
  },
  {
    name: 'filters',
    async show({ page }) {
      await page.getByTestId('file-search').fill('ext:jpg group:group1')
      await page.getByTestId('filter-chip').first().waitFor()
      await page.getByTestId('filter-more').click()
      await page.getByTestId('filter-type').waitFor()
    }
  },
  {
    name: 'preview',
    async show(stage) {
      await stage.page.getByTestId('file-search').fill('')
      await row(stage, POSTER).waitFor()
      await select(stage)
      await stage.page.getByTestId('file-table').focus()
      await stage.page.keyboard.press('Space')
      await stage.page.getByTestId('quick-preview').locator('img').waitFor()
    }
  },
  {
    name: 'context-menu',
    async show(stage) {
      await select(stage)
      await row(stage, POSTER).click({ button: 'right' })
      await stage.page.getByRole('menu').waitFor()
    }
  },
  {
    name: 'upload',
    async show({ page }) {
      const data = await page.evaluateHandle(() => {
        const transfer = new DataTransfer()
        for (const name of ['主视觉.psd', 'Banner 1200×600.png', 'Banner 600×600.png', 'Moodboard.pdf'])
          transfer.items.add(new File(['x'.repeat(900_000)], name))
        return transfer
      })
      for (const type of ['dragenter', 'dragover', 'drop']) await page.getByRole('main').dispatchEvent(type, { dataTransfer: data })
      await page.getByTestId('upload-sheet').waitFor()
      await page.waitForTimeout(600)
    }
  },
  {
    name: 'palette',
    async show({ page }) {
      await page.keyboard.press('Control+k')
      await page.getByTestId('palette').getByRole('combobox').fill('poster')
      await page.getByTestId('palette').getByRole('option', { name: POSTER }).waitFor()
    }
  },
  {
    name: 'shortcuts',
    async show({ page }) {
      await page.getByTestId('nav-files').focus()
      await page.keyboard.press('?')
      await page.getByTestId('shortcuts').waitFor()
    }
  },
  {
    name: 'paste',
    async show({ page }) {
      const ids = await page.getByTestId('file-row').evaluateAll((rows) => rows.map((each) => each.getAttribute('data-file-id')))
      await page.getByTestId('file-table').focus()
      await page.evaluate(
        (text) => {
          const data = new DataTransfer()
          data.setData('text/plain', text)
          document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
        },
        `${ids.slice(0, 3).join('\n')}\nhttp://img.example.com/${ids[3]}\ngroup1/M00/00/00/broken.jpg`
      )
      await page.getByTestId('paste-good').first().waitFor()
    }
  },
  {
    name: 'copy-as',
    async show(stage) {
      await select(stage)
      await stage.page.getByRole('toolbar').locator('[aria-haspopup=menu]').click()
      await stage.page.getByRole('menuitem').last().click()
      await stage.page.getByTestId('copy-as-dialog').waitFor()
    }
  },
  {
    name: 'metadata-table',
    async show({ page }) {
      await page.getByTestId('file-table').focus()
      await page.keyboard.press('Control+a')
      await page.getByTestId('open-grid').click()
      await page.getByTestId('grid-view').getByRole('row').nth(1).waitFor()
      await page.waitForTimeout(500)
    }
  },
  {
    name: 'delete',
    async show(stage) {
      await select(stage)
      await stage.page.getByTestId('file-table').focus()
      await stage.page.keyboard.press('Delete')
      await stage.page.getByTestId('delete-dialog').waitFor()
    }
  },
  {
    name: 'tags',
    async show(stage) {
      await fromMenu(stage, 'files:command.tag')
      await stage.page.getByTestId('tags-dialog').waitFor()
    }
  },
  {
    name: 'download',
    async show(stage) {
      await fromMenu(stage, 'files:command.download')
      await stage.page.getByTestId('download-dialog').waitFor()
    }
  },
  {
    name: 'zip',
    async show(stage) {
      await fromMenu(stage, 'files:command.zip')
      await stage.page.getByTestId('zip-dialog').waitFor()
    }
  },
  {
    name: 'import',
    async show(stage) {
      await stage.page.getByRole('button', { name: stage.t('files:command.upload'), exact: true }).click()
      await stage.page.getByRole('menuitem', { name: stage.t('files:upload.existing') }).click()
      await stage.page.getByTestId('import-dialog').waitFor()
    }
  },
  {
    name: 'transfers',
    async show({ page }) {
      await page.getByTestId('nav-transfers').click()
      const list = page.getByTestId('transfers-list')
      await list.getByTestId('transfer-batch').nth(3).waitFor()
      // The running batch and the failed one, opened.
      for (const name of ['.mov', '.psd', '春季活动'])
        if ((await list.getByTestId('transfer-row').filter({ hasText: name }).count()) > 0) return
      for (const index of [2, 0]) {
        await list.getByTestId('transfer-batch').nth(index).focus()
        await page.keyboard.press('ArrowRight')
      }
      await list.getByTestId('transfer-row').first().waitFor()
      await page.waitForTimeout(2_500)
    }
  },
  {
    name: 'conflicts',
    async show(stage) {
      await stage.page.getByTestId('nav-transfers').click()
      await stage.page
        .getByRole('button', { name: stage.t('conflicts:decide') })
        .first()
        .click()
      await stage.page.getByTestId('conflict-row').first().waitFor()
    }
  },
  { name: 'cluster-state', show: view('cluster', 'cluster-storage') },
  { name: 'connections-list', show: view('connections', 'connection') },
  {
    name: 'connection-dialog',
    async show({ page }) {
      await page.getByTestId('nav-connections').click()
      await page.getByTestId('connections-view').locator('header').getByRole('button').last().click()
      await page.getByTestId('connection-dialog').waitFor()
    }
  },
  { name: 'trash', show: view('trash', 'trash-view') },
  { name: 'settings', show: view('settings', 'setting-language') },
  {
    name: 'settings-search',
    async show({ page }) {
      await page.getByTestId('nav-settings').click()
      await page.getByTestId('settings-search').fill('MB')
      await page.waitForTimeout(300)
    }
  },
  { name: 'activity', show: (stage) => command(stage, 'palette:action.activity', 'trail-dialog') },
  { name: 'tour', show: (stage) => command(stage, 'palette:action.tour', 'tour') }
]
