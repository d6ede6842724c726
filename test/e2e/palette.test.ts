import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

test('finds actions and files by typing, with the keyboard alone', async ({ app, folder }) => {
  const user = new User(app)
  for (const name of ['autumn poster.txt', 'spring poster.txt']) await writeFile(join(folder, name), name)
  await user.pickFiles([join(folder, 'autumn poster.txt'), join(folder, 'spring poster.txt')])
  await user.confirmUpload()
  await user.expectFileCount('2 files')
  const fileId = (await user.row('spring poster.txt').getAttribute('data-file-id')) ?? ''
  const palette = app.getByTestId('palette')
  const type = async (text: string) => {
    await app.keyboard.press('Control+k')
    await expect(palette.getByRole('combobox')).toBeFocused()
    await app.keyboard.insertText(text)
  }

  await test.step('goes to a view', async () => {
    await type('clus')
    await expect(palette.getByRole('option', { selected: true })).toContainText('Cluster')
    const { violations } = await new AxeBuilder({ page: app }).analyze()
    expect(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
    ).toEqual([])
    await app.keyboard.press('Enter')
    await expect(app.getByTestId('cluster-view')).toBeVisible()
  })

  await test.step('jumps to a file by its name, and to another by its ID, from any view', async () => {
    await type('autumn po')
    await expect(palette.getByRole('option', { name: /autumn poster/ })).toBeVisible()
    await app.keyboard.press('Enter')
    await expect(app.getByTestId('inspector').getByRole('heading', { name: 'autumn poster.txt' })).toBeVisible()
    await user.goTo('settings')
    await type(fileId)
    await expect(palette.getByRole('option', { name: /spring poster/ })).toBeVisible()
    await app.keyboard.press('Enter')
    await expect(app.getByTestId('inspector-file-id')).toHaveText(fileId)
  })

  await test.step('acts on the selection, and changes how the window looks', async () => {
    await type('delete')
    await app.keyboard.press('Enter')
    await expect(app.getByTestId('delete-dialog')).toBeVisible()
    await app.keyboard.press('Escape')
    await type('dark')
    await app.keyboard.press('Enter')
    await expect(app.locator('html')).toHaveAttribute('data-theme', 'dark')
    await type('简体')
    await app.keyboard.press('Enter')
    await expect(app.getByTestId('nav-files')).toHaveText('文件')
    await type('nothing is called so')
    await expect(palette.getByRole('status')).toBeVisible()
    await app.keyboard.press('Escape')
    await expect(palette).toBeHidden()
  })

  await test.step('lists the shortcuts, but leaves question marks to those who write', async () => {
    await app.getByTestId('file-search').fill('?')
    await expect(app.getByTestId('shortcuts')).toBeHidden()
    await app.getByTestId('nav-files').focus()
    await app.keyboard.press('?')
    await expect(app.getByTestId('shortcuts')).toBeVisible()
    const { violations } = await new AxeBuilder({ page: app }).analyze()
    expect(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
    ).toEqual([])
  })
})
