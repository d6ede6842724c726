import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

const NAMES = Array.from({ length: 60 }, (_, index) => `${String.fromCharCode(97 + Math.floor(index / 10))}${index % 10} file.txt`)

async function upload(app: Page, folder: string): Promise<User> {
  const user = new User(app)
  for (const name of NAMES) await writeFile(join(folder, name), name.repeat(1 + NAMES.indexOf(name)))
  await user.pickFiles(NAMES.map((name) => join(folder, name)))
  await user.confirmUpload()
  await user.expectFileCount('60 files')
  await app.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()
  await expect(app.getByTestId('file-row').first()).toContainText('a0 file.txt')
  return user
}

for (const layout of ['table', 'grid'] as const) {
  test(`every key and gesture on files, in the ${layout}`, async ({ app, folder }) => {
    const user = await upload(app, folder)
    if (layout === 'grid') {
      await app.getByTestId('view-options').click()
      await app.getByRole('menuitem', { name: 'Thumbnails' }).click()
    }
    const list = app.getByTestId(layout === 'table' ? 'file-table' : 'file-grid')
    const chosen = app.getByTestId('selected-count')
    const selected = list.locator('[data-testid=file-row][aria-selected=true]')
    const press = (keys: string): Promise<void> => app.keyboard.press(keys)

    // The mouse.
    await user.row('a1 file.txt').click()
    await expect(chosen).toHaveText('1 selected')
    await user.row('a3 file.txt').click({ modifiers: ['Shift'] })
    await expect(chosen).toHaveText('3 selected')
    await user.row('a2 file.txt').click({ modifiers: ['Control'] })
    await expect(chosen).toHaveText('2 selected')
    await user.row('a0 file.txt').click({ button: 'right' })
    await expect(app.getByRole('menuitem', { name: 'Rename' })).toBeVisible()
    await press('Escape')
    await expect(chosen).toHaveText('1 selected')
    await user.row('a2 file.txt').dblclick()
    await expect(app.getByTestId('quick-preview')).toBeVisible()
    await press('Escape')
    await expect(app.getByTestId('quick-preview')).toBeHidden()

    // The keyboard.
    await list.focus()
    await press('Home')
    await expect(selected).toContainText('a0 file.txt')
    const along = layout === 'table' ? 'ArrowDown' : 'ArrowRight'
    await press(`Shift+${along}`)
    await press(`Shift+${along}`)
    await expect(chosen).toHaveText('3 selected')
    await press('Escape')
    await expect(chosen).toBeHidden()
    await press('End')
    await expect(selected).toContainText('f9 file.txt')
    await press('PageUp')
    await expect(selected).not.toContainText('f9 file.txt')
    await press('PageDown')
    await expect(selected).toContainText('f9 file.txt')
    await app.keyboard.type('c4')
    await expect(selected).toContainText('c4 file.txt')
    await press('Control+a')
    await expect(chosen).toHaveText('60 selected')
    await press('Escape')
    // What was typed before is no part of what is typed now; a space may be.
    await app.keyboard.type('d0 fi')
    await expect(selected).toHaveCount(1)
    await expect(selected).toContainText('d0 file.txt')
    await expect(app.getByTestId('quick-preview')).toBeHidden()
    // Where no name goes on with a space, it opens the file, however quickly it comes.
    await press('ArrowUp')
    await press('d')
    await expect(selected).toContainText('d0 file.txt')
    await press('Space')
    await expect(app.getByTestId('quick-preview')).toBeVisible()
    await press('Escape')

    // What is selected stays selected, and the cursor on it, whatever the order.
    await press('F5')
    await expect(selected).toContainText('d0 file.txt')
    if (layout === 'table') {
      await app.getByRole('columnheader', { name: 'Size' }).getByRole('button').click()
      // The largest come first, and the selected one (the 30th largest) stays in sight.
      await expect(selected).toHaveAttribute('aria-rowindex', '31')
      await expect(selected).toContainText('d0 file.txt')
      await expect(selected).toBeInViewport()
      await list.focus()
      await press('ArrowDown')
      await expect(selected).toContainText('c9 file.txt')
      // With nothing selected another order is shown from its top.
      await press('Escape')
      await app.getByRole('columnheader', { name: 'Size' }).getByRole('button').click()
      await expect(list.locator('[aria-rowindex="2"]')).toContainText('a0 file.txt')
      await expect(list.locator('[aria-rowindex="2"]')).toBeInViewport()
      await list.focus()
      await press('End')
      await expect(selected).toContainText('f9 file.txt')
    }

    await press('Space')
    await expect(app.getByTestId('quick-preview')).toBeVisible()
    await press('Space')
    await expect(app.getByTestId('quick-preview')).toBeHidden()
    await press('F2')
    const editor = app.getByRole('textbox', { name: /^New name of/ })
    await editor.fill('一个非常长的中文文件名用来检查界面是否会被破坏_最终版_修改3_确认稿.txt')
    await press('Enter')
    await expect(app.getByTitle('一个非常长的中文文件名用来检查界面是否会被破坏_最终版_修改3_确认稿.txt')).toBeVisible()
    await list.focus()
    await press('Alt+Enter')
    await expect(app.getByTestId('inspector')).toBeVisible()
    await expect(app.getByTestId('inspector-history')).toContainText('Renamed')
    await press('Delete')
    await expect(app.getByTestId('delete-dialog')).toBeVisible()
    await press('Escape')

    // A file is taken out of the window by the mouse: browsers take an address.
    const out = await app.evaluate(() => {
      const row = document.querySelector('[data-testid=file-row][aria-selected=true]')
      const data = new DataTransfer()
      const over = { bubbles: true, cancelable: true }
      row?.dispatchEvent(new MouseEvent('mousedown', { ...over, button: 0 }))
      row?.dispatchEvent(new DragEvent('dragstart', { ...over, dataTransfer: data }))
      return data.getData('DownloadURL')
    })
    expect(out).toMatch(/^application\/octet-stream:一个非常长.*\.txt:http:\/\/127\.0\.0\.1:\d+\/preview\/\d+\?file=/)
    await user.expectAccessible()
  })
}

test('panes keep their width, high contrast is accessible, and less motion means none', async ({ app, folder }) => {
  const user = await upload(app, folder)
  await user.row('a1 file.txt').click()
  const inspector = app.getByTestId('inspector')
  const width = (): Promise<number> => inspector.evaluate((element) => Math.round(element.getBoundingClientRect().width))
  const before = await width()
  const separator = app.getByRole('separator', { name: /inspector/i })
  await separator.focus()
  for (let step = 0; step < 3; step += 1) await app.keyboard.press('ArrowLeft')
  await expect.poll(width).toBeGreaterThan(before + 20)
  const wide = await width()

  const motion = (): Promise<number> => separator.evaluate((element) => Number.parseFloat(getComputedStyle(element).transitionDuration))
  expect(await motion()).toBeGreaterThan(0.05)
  await app.emulateMedia({ reducedMotion: 'reduce' })
  await expect.poll(motion).toBeLessThan(0.001)

  await user.goTo('settings')
  await app.getByRole('radiogroup', { name: 'Contrast' }).getByRole('radio', { name: 'High' }).click()
  await app.getByRole('radiogroup', { name: 'Density' }).getByRole('radio', { name: 'Compact' }).click()
  for (const theme of ['Light', 'Dark'] as const) {
    await user.goTo('settings')
    await app.getByRole('radiogroup', { name: 'Theme' }).getByRole('radio', { name: theme }).click()
    await user.expectAccessible()
    await user.goTo('files')
    await expect(user.row('a1 file.txt')).toHaveAttribute('aria-selected', 'true')
    await user.expectAccessible()
  }

  await app.reload()
  await expect(app.locator('html')).toHaveAttribute('data-contrast', 'high')
  await expect(app.locator('html')).toHaveAttribute('data-density', 'compact')
  await expect(app.getByTestId('file-row').first()).toBeVisible()
  await expect.poll(width).toBe(wide)
})

test('a narrow window shows where one is and every button, in English and Chinese', async ({ app, folder }) => {
  const user = new User(app)
  const name = `${'a very long name of a file without any end '.repeat(3)}v12.svg`
  await writeFile(join(folder, name), 'this is no drawing')
  await user.pickFiles([join(folder, name)])
  await user.confirmUpload()
  await user.expectFileCount('1 file')
  await app.getByTestId('view-options').click()
  await app.getByRole('menuitem', { name: 'Thumbnails' }).click()
  await app.setViewportSize({ width: 900, height: 640 })
  const expectRoom = async (title: string, upload: string): Promise<void> => {
    const heading = app.getByRole('heading', { level: 1, name: title })
    await expect(heading).toBeInViewport({ ratio: 1 })
    expect(await heading.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true)
    const search = await app.getByTestId('file-search').boundingBox()
    expect(search?.width).toBeGreaterThan(90)
    // Neither behind the inspector nor cut.
    await app.getByRole('button', { name: upload, exact: true }).click({ trial: true })
  }
  await expectRoom('All files', 'Upload')
  // The end of a name is seen in a tile, and what cannot be drawn has the card of its type.
  const tile = app.getByTestId('file-row')
  await expect(tile.getByText('v12.svg')).toBeInViewport({ ratio: 1 })
  await expect(tile.getByText('SVG', { exact: true })).toBeVisible()
  await user.goTo('settings')
  await app.getByTestId('setting-language').click()
  await app.getByRole('option', { name: '简体中文' }).click()
  await user.goTo('files')
  await expectRoom('全部文件', '上传')
})
