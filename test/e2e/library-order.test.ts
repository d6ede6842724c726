import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

/** Six posters, of which two are equal, and three sketches in a folder of their own. */
async function upload(app: Page, folder: string): Promise<void> {
  const root = join(folder, 'campaign')
  await mkdir(join(root, '春季'), { recursive: true })
  for (let i = 0; i < 6; i += 1) await writeFile(join(root, `poster ${i}.psd`), Buffer.alloc(2_000 * (Math.min(i, 4) + 1), 7))
  for (let i = 0; i < 3; i += 1) await writeFile(join(root, '春季', `草图 ${i}.jpg`), Buffer.alloc(300 + i, i))
  const user = new User(app)
  await user.pickFolder(root)
  await app.getByTestId('upload-sheet').getByRole('button', { name: 'Upload', exact: true }).click()
  await expect(app.getByTestId('file-count')).toHaveText('9 files')
}

const rows = (app: Page) => app.getByTestId('file-row')

test('files are found by filters, tagged, starred, dragged into folders and marked by a rectangle', async ({ app, folder }) => {
  await upload(app, folder)

  await test.step('typed filters become chips, and a wrong one says so', async () => {
    const box = app.getByTestId('file-search')
    await box.fill('ext:jpg 草')
    await expect(app.getByTestId('file-count')).toHaveText('3 files')
    await expect(app.getByTestId('filter-chip')).toHaveText(['File type: jpg'])
    await box.fill('size:many')
    await expect(app.getByTestId('filter-chip').first()).toHaveAttribute('data-tone', 'danger')
    await expect(app.getByTestId('file-count')).toHaveText('0 files')
    await box.fill('')
    await expect(app.getByTestId('file-count')).toHaveText('9 files')
  })

  await test.step('clicked filters are typed ones', async () => {
    const more = app.getByTestId('filter-more')
    await more.click()
    await app.getByTestId('filter-type').click()
    await app.getByRole('option', { name: 'Image' }).click()
    await app.keyboard.press('Escape')
    await expect(app.getByTestId('filter-type')).toBeHidden()
    await expect(more).toBeFocused()
    await more.click()
    await expect(app.getByTestId('filter-type')).toBeVisible()
    await more.click()
    await expect(app.getByTestId('filter-type')).toBeHidden()
    await expect(more).toHaveAttribute('aria-expanded', 'false')
    await expect(app.getByTestId('file-search')).toHaveValue('is:image')
    await app.getByRole('button', { name: 'Remove the filter Image' }).click()
    await expect(app.getByTestId('file-search')).toHaveValue('')
  })

  await test.step('a tag with a colour for some files', async () => {
    await rows(app).nth(0).getByRole('gridcell').nth(2).click()
    await rows(app)
      .nth(2)
      .getByRole('gridcell')
      .nth(2)
      .click({ modifiers: ['Shift'] })
    await expect(app.getByTestId('selected-count')).toHaveText('3 selected')
    await rows(app).nth(1).click({ button: 'right' })
    await app.getByRole('menuitem', { name: 'Tags…' }).click()
    await app.getByPlaceholder('Find or create a tag').fill('hero')
    await app.getByRole('button', { name: 'Create “hero”' }).click()
    await app.getByTestId('tags-dialog').getByRole('button', { name: 'Save' }).click()
    await expect(app.getByTestId('tags').getByRole('button')).toHaveText(['hero3'])
    await app.getByTestId('tags').getByRole('button').click({ button: 'right' })
    await app.getByRole('menuitem', { name: 'Edit…' }).click()
    await app.getByRole('textbox', { name: 'Name' }).fill('Hero')
    await app.getByRole('radio', { name: 'Red' }).check({ force: true })
    await app.getByTestId('tag-dialog').getByRole('button', { name: 'Save' }).click()
    await expect(app.getByTestId('tags').locator('[data-color=red]')).toHaveCount(1)
    await app.getByTestId('tags').getByRole('button', { name: 'Hero' }).click()
    await expect(app.getByTestId('file-count')).toHaveText('3 files')
  })

  await test.step('favourites by their star', async () => {
    await rows(app).nth(0).hover()
    await rows(app).nth(0).getByTitle('Add to favourites').click()
    await app.getByRole('button', { name: 'Favourites', exact: true }).click()
    await expect(app.getByTestId('file-count')).toHaveText('1 file')
    await app.getByTestId('save-search').click()
    await app.getByRole('textbox', { name: 'Name' }).fill('My stars')
    await app.getByTestId('search-dialog').getByRole('button', { name: 'Save' }).click()
    await expect(app.getByTestId('saved-searches')).toContainText('My stars')
    await app.getByTestId('nav-files').click()
    await app.getByTestId('saved-searches').getByText('My stars').click()
    await expect(app.getByRole('heading', { level: 1 })).toHaveText('My stars')
    await expect(app.getByTestId('file-count')).toHaveText('1 file')
    await app.getByTestId('nav-files').click()
  })

  await test.step('a new folder, files and folders dragged into it', async () => {
    await app.getByRole('button', { name: 'New folder' }).click()
    await app.getByRole('textbox', { name: 'Name' }).fill('archive')
    await app.getByRole('button', { name: 'Create' }).click()
    const archive = app.getByRole('treeitem', { name: 'archive' })
    await expect(archive).toContainText('0')
    await app.getByTestId('file-search').fill('草图')
    await expect(app.getByTestId('file-count')).toHaveText('3 files')
    await app.getByTestId('file-table').focus()
    await app.keyboard.press('Control+a')
    await rows(app).nth(1).getByText('草图').first().dragTo(archive)
    await expect(archive).toContainText('3')
    const campaign = app.getByRole('treeitem', { name: 'campaign' })
    await campaign.dragTo(archive)
    await expect(archive).toContainText('9')
    await archive.click()
    await app.keyboard.press('ArrowRight')
    await expect(app.getByRole('treeitem', { name: 'campaign' })).toHaveAttribute('aria-level', '2')
  })

  await test.step('a rectangle selects what it touches', async () => {
    const first = await rows(app).nth(1).boundingBox()
    const last = await rows(app).nth(4).boundingBox()
    if (first === null || last === null) throw new Error('no rows')
    await app.mouse.move(first.x + 420, first.y + 10)
    await app.mouse.down()
    await app.mouse.move(last.x + 380, last.y + 12, { steps: 6 })
    await expect(app.getByTestId('marquee')).toBeVisible()
    await app.mouse.up()
    await expect(app.getByTestId('selected-count')).toHaveText('4 selected')
    await expect(app.getByTestId('marquee')).toHaveCount(0)
    // The same files, wherever sorting puts them.
    await app.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()
    await expect(app.getByTestId('selected-count')).toHaveText('4 selected')
    await app.keyboard.press('F5')
    await expect(app.getByTestId('selected-count')).toHaveText('4 selected')
  })

  await test.step('duplicates, all but one of each', async () => {
    await app.getByRole('button', { name: 'Duplicates', exact: true }).click()
    await expect(app.getByTestId('duplicates')).toContainText('1 content stored more than once. 9.77 KB could be freed.')
    await expect(rows(app)).toHaveCount(2)
    await app.getByRole('button', { name: 'Select all but one' }).click()
    await app.getByRole('menuitem', { name: 'Keep the oldest of each' }).click()
    await expect(app.getByTestId('selected-count')).toHaveText('1 selected')
  })
})

test('the same by the keyboard alone', async ({ app, folder }) => {
  await upload(app, folder)
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await app.keyboard.press(key)
  }

  await test.step('completion', async () => {
    await press('Control+f')
    const box = app.getByTestId('file-search')
    await expect(box).toBeFocused()
    await app.keyboard.type('ex')
    await expect(app.getByTestId('search-suggestions')).toBeVisible()
    await press('ArrowDown', 'Enter')
    await expect(box).toHaveValue('ext:')
    await app.keyboard.type('p')
    await expect(app.getByRole('option', { name: 'psd' })).toBeVisible()
    await press('ArrowDown')
    await expect(box).toHaveAttribute('aria-activedescendant', /-0$/)
    await press('Tab')
    await expect(box).toHaveValue('ext:psd ')
    await expect(app.getByTestId('file-count')).toHaveText('6 files')
  })

  await test.step('tags and stars', async () => {
    await app.getByTestId('file-table').focus()
    await press('Control+a', 'Alt+t')
    await expect(app.getByPlaceholder('Find or create a tag')).toBeFocused()
    await app.keyboard.type('hero')
    await press('Enter', 'Enter')
    await expect(app.getByTestId('tags')).toContainText('hero')
    await app.getByTestId('file-table').focus()
    await press('Home', 'Alt+s')
    await expect(rows(app).first().getByRole('button', { name: 'Remove from favourites' })).toBeVisible()
  })

  await test.step('columns', async () => {
    await app.getByRole('columnheader', { name: 'Type' }).getByRole('button').focus()
    await press('Alt+Shift+ArrowLeft')
    await expect(app.getByRole('columnheader')).toHaveText(['Name', 'Type', 'Size', 'Group', 'Created', 'File ID', 'Metadata'])
    await app.reload()
    await expect(app.getByRole('columnheader').nth(1)).toHaveText('Type')
  })

  await test.step('folders', async () => {
    await app.getByRole('treeitem', { name: 'campaign' }).focus()
    await press('F2')
    await expect(app.getByRole('textbox', { name: 'Name' })).toBeFocused()
    await press('Control+a')
    await app.keyboard.type('2026')
    await press('Enter')
    await expect(app.getByRole('treeitem', { name: '2026' })).toContainText('9')
    await app.getByRole('treeitem', { name: '2026' }).focus()
    await press('ArrowRight', 'ArrowDown', 'Enter')
    await expect(app.getByTestId('file-count')).toHaveText('3 files')
    await press('Delete')
    await app.getByTestId('folder-remove').getByRole('button', { name: 'Remove', exact: true }).press('Enter')
    await expect(app.getByRole('treeitem')).toHaveCount(1)
    await expect(app.getByTestId('file-count')).toHaveText('9 files')
  })
})

for (const [locale, colorScheme] of [
  ['en-US', 'dark'],
  ['zh-CN', 'light']
] as const) {
  test.describe(`${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme })

    test('what orders the library has no serious accessibility violation', async ({ app }, info) => {
      const check = async (name: string): Promise<void> => {
        await info.attach(name, { body: await app.screenshot(), contentType: 'image/png' })
        const { violations } = await new AxeBuilder({ page: app }).analyze()
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        expect(
          serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
          name
        ).toEqual([])
      }
      const data = await app.evaluateHandle(() => {
        const transfer = new DataTransfer()
        for (const name of ['a.psd', 'b.psd']) transfer.items.add(new File(['x'.repeat(4000)], name))
        return transfer
      })
      for (const type of ['dragenter', 'dragover', 'drop']) await app.getByRole('main').dispatchEvent(type, { dataTransfer: data })
      await expect(app.getByTestId('upload-sheet')).toBeVisible()
      await app.keyboard.press('Enter')
      await expect(rows(app)).toHaveCount(2)

      await app.getByTestId('file-table').focus()
      await app.keyboard.press('Control+a')
      await app.keyboard.press('Alt+t')
      await app.getByTestId('tags-dialog').getByRole('textbox').fill('hero 英雄')
      await app.keyboard.press('Enter')
      await check('tags of files')
      await app.keyboard.press('Enter')
      await expect(app.getByTestId('tags').getByRole('button')).toHaveCount(1)
      await app.getByTestId('file-table').focus()
      await app.keyboard.press('Alt+s')
      await app.getByTestId('tags').getByRole('button').click({ button: 'right' })
      await app.getByRole('menuitem').first().click()
      await check('a tag')
      await app.keyboard.press('Escape')

      await app.getByTestId('file-search').click()
      await expect(app.getByTestId('search-suggestions')).toBeVisible()
      await app.keyboard.press('ArrowDown')
      await check('suggestions')
      await app.getByTestId('file-search').fill('is:duplicate size:many colour:red ext: ')
      await expect(app.getByTestId('filter-chip')).toHaveCount(4)
      await check('chips')
      await app.getByTestId('file-search').fill('')
      await app.getByTestId('filter-more').click()
      await check('filters')
      await app.keyboard.press('Escape')
      await app.locator('[data-section=batches] button').first().click()
      await app.locator('[data-section=views] button', { hasText: /Duplicates|重复文件/ }).click()
      await expect(app.getByTestId('duplicates')).toBeVisible()
      await expect(rows(app)).toHaveCount(2)
      await rows(app).first().click()
      await check('duplicates')
      await app.getByTestId('view-options').click()
      await app.getByRole('menuitem', { name: /Thumbnails|缩略图/ }).click()
      await expect(app.getByTestId('file-grid')).toBeVisible()
      await check('thumbnails')
    })
  })
}
