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
