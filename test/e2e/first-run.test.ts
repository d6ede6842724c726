import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './support/app.ts'

test('offers three ways to begin, once', async ({ app }) => {
  const welcome = app.getByTestId('welcome')
  await expect(welcome).toBeVisible()
  const { violations } = await new AxeBuilder({ page: app }).analyze()
  expect(
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
  ).toEqual([])
  await welcome.getByRole('button', { name: /^Import client\.conf/ }).click()
  await expect(app.getByTestId('conf-import')).toBeVisible()
  await app.keyboard.press('Escape')
  await expect(app.getByTestId('connections-view')).toBeVisible()
  await app.getByTestId('nav-files').click()
  await expect(app.getByText('Drop files here')).toBeVisible()
  await app.reload()
  await expect(app.getByText('Drop files here')).toBeVisible()
  await expect(welcome).toBeHidden()
})

test('goes to the form of a connection, or stays on this computer', async ({ app }) => {
  await app
    .getByTestId('welcome')
    .getByRole('button', { name: /^Connect to my FastDFS/ })
    .click()
  await expect(app.getByTestId('connection-dialog')).toBeVisible()
  await app.evaluate(() => localStorage.clear())
  await app.reload()
  await app
    .getByTestId('welcome')
    .getByRole('button', { name: /^Try it on this computer/ })
    .click()
  // Sample files, so that everything can be tried at once.
  await expect(app.getByTestId('file-row').filter({ hasText: '海报 Poster.jpg' })).toBeVisible()
  await expect(app.getByTestId('folder-tree')).toContainText('品牌 Brand')
  // A short tour, by keyboard alone.
  const tour = app.getByTestId('tour')
  await expect(tour).toContainText('Your files are here')
  const { violations } = await new AxeBuilder({ page: app }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([])
  for (const title of ['Everything about a file', 'Nothing gets lost', 'Anything by its name']) {
    await expect(tour.getByRole('button', { name: 'Next' })).toBeFocused()
    await app.keyboard.press('Enter')
    await expect(tour).toContainText(title)
  }
  await app.keyboard.press('Enter')
  await expect(tour).toBeHidden()
  // Once more, from the command palette, and left half-way.
  await app.keyboard.press('Control+k')
  await expect(app.getByTestId('palette').getByRole('combobox')).toBeFocused()
  await app.keyboard.type('tour')
  await app.keyboard.press('Enter')
  await expect(tour).toBeVisible()
  await app.keyboard.press('Escape')
  await expect(tour).toBeHidden()
  await app.getByTestId('nav-connections').click()
  await expect(app.getByTestId('connections-view')).toBeVisible()
  await expect(app.getByTestId('connection-dialog')).toBeHidden()
})
