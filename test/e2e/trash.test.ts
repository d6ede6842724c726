import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

test('deletes files, finds them in the trash, restores one, and deletes the other for good', async ({ app, folder }) => {
  const user = new User(app)
  const names = ['海报.txt', 'logo.txt', 'brief.txt']
  for (const name of names) await writeFile(join(folder, name), name)
  await user.pickFiles(names.map((name) => join(folder, name)))
  await user.confirmUpload()
  await user.expectFileCount('3 files')

  await test.step('moves two to the trash, after saying what that means', async () => {
    await user.row('海报.txt').click()
    await user.row('logo.txt').click({ modifiers: ['Control'] })
    await app.keyboard.press('Delete')
    const dialog = app.getByTestId('delete-dialog')
    await expect(dialog).toContainText('stay on the servers for 7 days')
    await user.expectAccessible()
    await dialog.getByRole('button', { name: 'Move to trash' }).click()
    await user.expectFileCount('1 file')
    await expect(app.getByTestId('trash-badge')).toHaveText('2')
  })

  await test.step('undoes at once', async () => {
    await app.getByRole('button', { name: 'Undo' }).click()
    await user.expectFileCount('3 files')
    await expect(app.getByTestId('trash-badge')).toBeHidden()
    await user.row('海报.txt').click()
    await user.row('logo.txt').click({ modifiers: ['Control'] })
    await app.keyboard.press('Delete')
    await app.getByTestId('delete-dialog').getByRole('button', { name: 'Move to trash' }).click()
    await user.expectFileCount('1 file')
  })

  await test.step('restores one from the trash; the server still has it', async () => {
    await app.getByTestId('nav-trash').click()
    await expect(app.getByTestId('trash-row')).toHaveCount(2)
    await user.expectAccessible()
    await app.getByTestId('trash-row').filter({ hasText: '海报.txt' }).click()
    await app.getByRole('button', { name: 'Restore', exact: true }).click()
    await expect(app.getByTestId('trash-row')).toHaveCount(1)
    await user.goTo('files')
    await user.row('海报.txt').click()
    await app.getByTestId('inspector').getByRole('button', { name: 'Check now' }).click()
    await expect(app.getByTestId('inspector').getByText('There, and unchanged')).toBeVisible()
  })

  await test.step('empties the trash', async () => {
    await app.getByTestId('nav-trash').click()
    await app.getByRole('button', { name: 'Empty trash' }).click()
    const dialog = app.getByTestId('trash-remove-dialog')
    await expect(dialog).toContainText('Delete 1 file from the servers now?')
    await dialog.getByRole('button', { name: 'Delete now' }).click()
    await expect(app.getByText('The trash is empty')).toBeVisible()
  })
})
