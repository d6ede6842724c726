import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

test('edits fifty files in the grid: adds keys, pastes a block of Excel, fills down, reviews, writes, and undoes on the servers', async ({
  app,
  folder,
  context
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const user = new User(app)
  const paths = Array.from({ length: 50 }, (_, i) => join(folder, `素材 ${String(i).padStart(2, '0')}.txt`))
  for (const path of paths) await writeFile(path, path)
  await user.pickFiles(paths)
  await user.confirmUpload()
  await user.expectFileCount('50 files')
  await app.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()
  await app.getByTestId('open-grid').click()
  await expect(app.getByTestId('grid-count')).toHaveText('50 files')

  const addKey = async (key: string, value = ''): Promise<void> => {
    await app.getByRole('button', { name: 'Add key' }).click()
    const dialog = app.getByTestId('key-dialog')
    await dialog.getByLabel('Key', { exact: true }).fill(key)
    await dialog.getByLabel('Value', { exact: true }).fill(value)
    await app.keyboard.press('Enter')
    await expect(dialog).toBeHidden()
  }
  await addKey('project', 'spring')
  await addKey('title')
  const cell = (row: number, column: number) => app.locator(`#cell-${row}-${column}`)
  const column = async (key: string): Promise<number> => {
    const keys = await app.getByTestId('grid-column').allInnerTexts()
    return keys.findIndex((text) => text.trim() === key)
  }
  const [title, project] = [await column('title'), await column('project')]

  await test.step('pastes a block as spreadsheets copy it', async () => {
    const block = Array.from({ length: 50 }, (_, i) => `标题 ${i}`).join('\r\n')
    await app.evaluate((text) => navigator.clipboard.writeText(text), `${block}\r\n`)
    await cell(0, title).click()
    await app.keyboard.press('Control+v')
    await expect(cell(0, title)).toHaveText('标题 0')
    await expect(cell(9, title)).toHaveText('标题 9')
  })

  await test.step('types, sees the bytes, fills down, and takes a step back', async () => {
    await cell(3, project).click()
    await app.keyboard.type('夏季')
    await expect(app.getByTestId('cell-bytes')).toHaveText('6 of 256 bytes')
    await app.keyboard.press('Enter')
    await cell(3, project).click()
    await cell(6, project).click({ modifiers: ['Shift'] })
    await app.keyboard.press('Control+d')
    await expect(cell(6, project)).toHaveText('夏季')
    await user.expectAccessible()
    await cell(8, title).click()
    await app.keyboard.press('Delete')
    await expect(cell(8, title)).toHaveText('')
    await app.keyboard.press('Control+z')
    await expect(cell(8, title)).toHaveText('标题 8')
  })

  await test.step('sees what will be written, writes it, and has it on the servers', async () => {
    await app.getByTestId('grid-review').click()
    await user.expectAccessible()
    await expect(app.getByTestId('review-summary')).toHaveText('Values: 100 added')
    await app.getByRole('button', { name: 'Write 50 files' }).click()
    await expect(app.getByTestId('grid-written')).toContainText('50 files written and checked.')
    await expect(app.getByTestId('grid-review')).toBeDisabled()
  })

  await test.step('undoes it on the servers', async () => {
    await app.getByTestId('grid-undo-written').click()
    await expect(cell(3, title)).toHaveText('')
    await expect(cell(3, project)).toHaveText('')
    await expect(app.getByTestId('grid-written')).toContainText('50 files written and checked.')
    await app.getByRole('button', { name: 'Earlier changes' }).click()
    await expect(app.getByTestId('history-entry')).toHaveCount(2)
    await expect(app.getByTestId('history-entry').last()).toContainText('Undone')
    await app.keyboard.press('Escape')
    await app.getByRole('button', { name: 'Back to the files' }).click()
    await user.expectFileCount('50 files')
    await user.row('素材 03.txt').click()
    const inspector = app.getByTestId('inspector')
    await inspector.getByRole('button', { name: 'Read from the server' }).click()
    await expect(inspector.getByTestId('metadata-row')).toHaveCount(1)
  })
})

test('a CSV of another table is refused by its reason, a right one becomes a review', async ({ app, folder }) => {
  const user = new User(app)
  await writeFile(join(folder, 'a.txt'), 'a')
  await user.pickFiles([join(folder, 'a.txt')])
  await user.confirmUpload()
  await user.expectFileCount('1 file')
  const id = (await user.row('a.txt').innerText()).match(/group\d\/M00\/\S+/)?.[0] ?? ''
  await app.getByTestId('open-grid').click()
  await expect(app.getByTestId('grid-count')).toHaveText('1 file')
  const choose = async (content: string | Uint8Array): Promise<void> => {
    const path = join(folder, 'table.csv')
    await writeFile(path, content)
    await app.getByTestId('grid-csv').click()
    const chooser = app.waitForEvent('filechooser')
    await app.getByRole('menuitem', { name: 'Import…' }).click()
    await (await chooser).setFiles(path)
  }
  await choose('name,color\na.txt,red\n')
  await expect(app.getByText('It has no column “file_id”', { exact: false }).first()).toBeVisible()
  // 春 in GBK, as Chinese Excel saves it.
  await choose(Buffer.concat([Buffer.from(`file_id,season\r\n${id},`), Buffer.from([0xb4, 0xba]), Buffer.from('\r\n')]))
  await expect(app.getByTestId('review-row')).toContainText('春')
  await app.keyboard.press('Escape')

  await test.step('other places of the library ask before changes are lost, and are there afterwards', async () => {
    await app.getByRole('button', { name: 'New tag' }).click()
    await expect(app.getByTestId('tag-dialog')).toBeVisible()
    await app.keyboard.press('Escape')
    await app.getByRole('button', { name: 'Recent', exact: true }).click()
    await expect(app.getByTestId('grid-leave')).toBeVisible()
    await app.getByTestId('grid-leave').getByRole('button', { name: 'Discard' }).click()
    await user.expectFileCount('1 file')
    await app.getByTestId('open-grid').click()
    await expect(app.getByTestId('grid-count')).toHaveText('1 file')
    await user.goTo('files')
    await user.expectFileCount('1 file')
  })
})
