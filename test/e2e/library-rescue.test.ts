import { closeSync, openSync, readdirSync, writeSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

test('a damaged library leads to choices: going back to a copy brings the files back, and the damaged file is kept', async ({
  app,
  folder,
  host
}) => {
  const user = new User(app)
  const paths = Array.from({ length: 40 }, (_, i) => join(folder, `素材 ${i}.txt`))
  for (const path of paths) await writeFile(path, path)
  await user.pickFiles(paths)
  await user.confirmUpload()
  await user.expectFileCount('40 files')

  await test.step('copies the library', async () => {
    await user.goTo('settings')
    await app.getByTestId('backups').getByRole('button', { name: 'Copy now' }).click()
    // The program may have made one by itself meanwhile.
    await expect(app.getByText('The library was copied and checked').first()).toBeVisible()
    await expect(app.getByTestId('backup').first()).toBeVisible()
  })

  await test.step('the file is damaged while the program is away', async () => {
    await host.stop()
    const file = openSync(join(host.dataDir, 'library.db'), 'r+')
    writeSync(file, Buffer.alloc(4096 * 4, 0xa5), 0, 4096 * 4, 4096 * 8)
    closeSync(file)
    await app.goto(await host.start())
    await expect(app.getByTestId('rescue-view')).toContainText('The library is damaged')
    await expect(app.getByTestId('rescue-view')).toContainText('the present library file is kept')
    await user.expectAccessible()
  })

  await test.step('goes back to the copy', async () => {
    await app.getByTestId('rescue-view').getByRole('button', { name: 'Go back' }).click()
    await expect(app.getByTestId('rescue-done')).toContainText('The library can be used again')
    expect(readdirSync(host.dataDir).filter((name) => name.includes('.damaged-') && name.endsWith('.db'))).toHaveLength(1)
    await app.getByRole('button', { name: 'Open the library' }).click()
    await user.expectFileCount('40 files')
    // Forty rows are more than the window shows.
    await app.getByTestId('file-search').fill('素材 7.txt')
    await user.expectFileCount('4 files')
    await user.row('素材 7.txt').click()
    await app.getByTestId('inspector').getByRole('button', { name: 'Check now' }).click()
    await expect(app.getByTestId('inspector').getByText('There, and unchanged')).toBeVisible()
  })
})
