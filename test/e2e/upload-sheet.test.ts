import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

test('skips what the library has, and offers the same choices next time', async ({ app, folder }) => {
  const user = new User(app)
  for (const name of ['first.txt', 'second.txt']) await writeFile(join(folder, name), 'one content')
  const sheet = app.getByTestId('upload-sheet')
  const skip = sheet.getByRole('checkbox', { name: /^Skip files/ })
  const again = sheet.getByRole('checkbox', { name: /^Offer the same/ })

  await user.pickFiles([join(folder, 'first.txt')])
  await expect(skip).not.toBeChecked()
  await skip.click()
  await again.click()
  await app.getByTestId('library-folder').fill('campaign')
  await user.chooseGroup('group2')
  const { violations } = await new AxeBuilder({ page: app }).analyze()
  expect(
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
  ).toEqual([])
  await user.confirmUpload()
  await user.expectFileCount('1 file')
  await user.expectDone('first.txt')
  await user.goTo('files')

  await app.reload()
  await user.pickFiles([join(folder, 'second.txt')])
  await expect(skip).toBeChecked()
  await expect(app.getByTestId('library-folder')).toHaveValue('campaign')
  await expect(app.getByTestId('upload-group')).toContainText('group2')
  await again.click()
  await user.confirmUpload()
  await user.settled('second.txt')
  await user.goTo('files')
  await user.expectFileCount('1 file')

  await user.pickFiles([join(folder, 'second.txt')])
  await expect(skip).not.toBeChecked()
  await expect(app.getByTestId('library-folder')).toHaveValue('')
})

test('shows how much it is and what the library has, and takes tags and names, by keyboard alone', async ({ app, folder }) => {
  const user = new User(app)
  await writeFile(join(folder, 'known.txt'), 'one content')
  await user.pickFiles([join(folder, 'known.txt')])
  await app.keyboard.press('Enter')
  await user.expectFileCount('1 file')

  for (const [name, content] of [
    ['a.txt', 'one content'],
    ['b.txt', 'other'],
    ['c.txt', 'more']
  ] as const)
    await writeFile(join(folder, name), content)
  await user.pickFiles(['a.txt', 'b.txt', 'c.txt'].map((name) => join(folder, name)))
  const sheet = app.getByTestId('upload-sheet')
  await expect(sheet.getByTestId('upload-summary')).toHaveText('3 files, 20 B')
  await expect(sheet.getByTestId('upload-duplicates')).toHaveText('1 file is in the library already: a.txt')
  await sheet.getByTestId('upload-tags').focus()
  await app.keyboard.type('hero， spring')
  await app.keyboard.press('Tab')
  await expect(sheet.getByTestId('upload-name')).toBeFocused()
  await app.keyboard.type('Poster {nn}')
  await expect(sheet.getByText('Becomes Poster 01.txt')).toBeVisible()
  await user.expectAccessible()
  await app.keyboard.press('Enter')
  await expect(sheet).toBeHidden()
  await user.expectFileCount('4 files')
  await expect(app.getByRole('list', { name: 'Tags' }).getByRole('button', { name: /hero/ })).toBeVisible()
  for (const name of ['Poster 01.txt', 'Poster 02.txt', 'Poster 03.txt']) await expect(user.row(name)).toBeVisible()
})

test('a pasted picture is a PNG with a name, text is read as file IDs', async ({ app }) => {
  const user = new User(app)
  await app.getByTestId('welcome').getByRole('button').first().waitFor()
  await app.evaluate(async () => {
    const canvas = new OffscreenCanvas(8, 8)
    canvas.getContext('2d')?.fillRect(0, 0, 4, 4)
    const data = new DataTransfer()
    data.items.add(new File([await canvas.convertToBlob({ type: 'image/jpeg' })], 'image.jpg', { type: 'image/jpeg' }))
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
  })
  const sheet = app.getByTestId('upload-sheet')
  await expect(sheet.getByText(/^Picture \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/)).toBeVisible()
  await app.keyboard.press('Enter')
  await user.expectFileCount('1 file')
  await app.evaluate(() => {
    const data = new DataTransfer()
    data.setData('text/plain', 'see group1/M00/00/00/fwABAWsDeXqAMH5GAAAPqBMfkYk144.mp4 please')
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
  })
  await expect(app.getByTestId('paste-good')).toHaveCount(1)
})
