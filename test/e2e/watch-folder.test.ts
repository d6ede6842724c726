import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

test('a watched folder uploads what appears in it, by keyboard alone, also what came while the program was away', async ({
  app,
  host,
  folder
}) => {
  const user = new User(app)
  const watched = join(folder, '素材 inbox')
  await mkdir(watched)
  await writeFile(join(watched, 'old.txt'), 'was there')
  await app.keyboard.press('Control+k')
  await expect(app.getByTestId('palette')).toBeVisible()
  await app.keyboard.type('Watched folders')
  await expect(app.getByTestId('palette').getByRole('option', { name: /^Watched folders/ })).toBeVisible()
  await app.keyboard.press('Enter')
  const dialog = app.getByTestId('watch-dialog')
  await dialog.getByRole('textbox', { name: 'Folder to watch' }).focus()
  await app.keyboard.type(join(folder, 'nowhere'))
  const watch = dialog.getByRole('button', { name: 'Watch', exact: true })
  await watch.focus()
  await app.keyboard.press('Enter')
  await expect(dialog.getByText(/is not on this computer/)).toBeVisible()
  await dialog.getByRole('textbox', { name: 'Folder to watch' }).fill(watched)
  await dialog.getByTestId('library-folder').fill('inbox')
  await dialog.getByTestId('upload-tags').fill('new')
  await watch.focus()
  await app.keyboard.press('Enter')
  await expect(dialog.getByTestId('watched-folder')).toContainText('any group / inbox')
  await user.expectAccessible()
  await app.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  await writeFile(join(watched, 'first.txt'), 'new')
  await user.expectFileCount('1 file')
  await expect(user.row('first.txt')).toBeVisible()

  await host.stop()
  await writeFile(join(watched, 'second.txt'), 'while away')
  await host.start()
  await app.goto(host.url)
  await user.expectFileCount('2 files')
  await app.getByRole('button', { name: 'Upload', exact: true }).click()
  await app.getByRole('menuitem', { name: 'Watched folders…' }).click()
  await dialog.getByRole('button', { name: `Stop watching ${watched}` }).click()
  await expect(dialog.getByText('No folder is watched for this connection.')).toBeVisible()
})
