import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { settingNames } from '../../src/renderer/features/settings/names.ts'
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

test('reaches what lives in other views, dialogs and settings by name alone, and remembers what was used', async ({ app, folder }) => {
  const user = new User(app)
  await writeFile(join(folder, 'poster.txt'), 'poster')
  await user.pickFiles([join(folder, 'poster.txt')])
  await user.confirmUpload()
  await user.expectFileCount('1 file')
  const palette = app.getByTestId('palette')
  /** Types a part of a name, and takes the entry that stands first. */
  const command = async (text: string, name: string | RegExp): Promise<void> => {
    await app.keyboard.press('Control+k')
    await expect(palette.getByRole('combobox')).toBeFocused()
    await app.keyboard.insertText(text)
    await expect(palette.getByRole('option', { selected: true })).toContainText(name)
    await app.keyboard.press('Enter')
    await expect(palette).toBeHidden()
  }

  await test.step('dialogs of the library', async () => {
    await user.goTo('cluster')
    for (const [text, name, dialog] of [
      ['new folder', 'New folder…', 'folder-dialog'],
      ['new tag', 'New tag…', 'tag-dialog'],
      ['from a list', 'Add files from a list', 'import-dialog']
    ] as const) {
      await command(text, name)
      await expect(app.getByTestId(dialog)).toBeVisible()
      await app.keyboard.press('Escape')
      await expect(app.getByTestId(dialog)).toBeHidden()
    }
    await command('select all', 'Select all')
    await command('spreadsheet', 'metadata')
    await expect(app.getByTestId('grid-view')).toBeVisible()
    await command('back to', 'Back to the files')
    await expect(app.getByTestId('file-table')).toBeVisible()
  })

  await test.step('connections, trash, activity, licences', async () => {
    await command('test this', 'Test this connection')
    await expect(app.getByTestId('test-result')).toBeVisible()
    await command('edit this', 'Edit this connection…')
    await expect(app.getByTestId('connection-dialog')).toBeVisible()
    await app.keyboard.press('Escape')
    await command('audit', 'Show activity…')
    await expect(app.getByRole('dialog', { name: 'Activity' })).toContainText('poster.txt')
    await app.keyboard.press('Escape')
    await command('delete', 'Delete…')
    await app
      .getByTestId('delete-dialog')
      .getByRole('button', { name: /trash|Delete/ })
      .last()
      .press('Enter')
    await expect(app.getByTestId('file-row')).toHaveCount(0)
    await command('empty the', 'Empty the trash…')
    await expect(app.getByTestId('trash-remove-dialog')).toContainText('1 file')
    await app.keyboard.press('Escape')
    await command('restore everything', 'Restore everything')
    await expect(app.getByText('1 file restored').first()).toBeVisible()
  })

  await test.step('what can be done with a batch', async () => {
    await command('copy file ids: poster', 'Copy file IDs: poster.txt')
    await expect(app.getByText('1 file ID copied').first()).toBeVisible()
    await command('remove finished', 'Remove finished transfers')
    await user.goTo('transfers')
    await expect(app.getByTestId('transfer-batch')).toHaveCount(0)
  })

  await test.step('every setting by its name, ready for the keyboard', async () => {
    await command('download folder', 'Download folder')
    await expect(app.getByTestId('settings-search')).toHaveValue('Download folder')
    await expect(app.getByRole('textbox', { name: 'Download folder' })).toBeFocused()
    await command('quota that nobody has', 'Search all files')
    await app.keyboard.press('Control+k')
    await expect(palette.getByRole('combobox')).toBeFocused()
    await app.keyboard.insertText('checksum')
    await palette.getByRole('option', { name: 'Search the settings for “checksum”' }).click()
    await expect(app.getByText('Skip files that the library has')).toBeVisible()
  })

  await test.step('what was used last comes first', async () => {
    await command('compact', 'Compact rows')
    await app.keyboard.press('Control+k')
    const first = palette.getByRole('group', { name: 'Used lately' }).getByRole('option').first()
    await expect(first).toContainText('Download folder')
    await app.keyboard.press('Escape')
  })

  await test.step('keys of the window', async () => {
    for (const [key, view] of [
      ['2', 'transfers-view'],
      ['3', 'cluster-view'],
      ['4', 'connections-view'],
      ['5', 'trash-view'],
      [',', 'settings-view']
    ] as const) {
      await app.keyboard.press(`Control+${key}`)
      await expect(app.getByTestId(view)).toBeVisible()
    }
    const chooser = app.waitForEvent('filechooser')
    await app.keyboard.press('Control+o')
    expect((await chooser).isMultiple()).toBe(true)
  })
})

test('knows every setting that the settings view shows', async ({ app }) => {
  const user = new User(app)
  await user.goTo('settings')
  await expect(app.getByTestId('about')).toBeVisible()
  // Known only after the program was asked.
  await expect(app.getByText(englishText('settings:uploads.thumbnailUse'), { exact: true })).toBeVisible()
  // Licences and version are no settings; what is folded away under a switch is found by its switch.
  const shown = await app
    .locator('[data-section]:not([data-section=about]) [data-settings] > *')
    .evaluateAll((settings) => settings.map((setting) => setting.textContent ?? ''))
  const known = settingNames(englishText as never, false)
  expect(shown.length).toBeGreaterThan(20)
  expect(shown.filter((text) => !known.some((name) => text.startsWith(name)) && !text.startsWith('Show activity'))).toEqual([])
  expect(known.filter((name) => !shown.some((text) => text.startsWith(name)))).toEqual([])
})

/** 'settings:appearance.theme' → 'Theme' */
function englishText(key: string): string {
  const [file = '', path = ''] = key.split(':')
  const texts: unknown = JSON.parse(readFileSync(join(import.meta.dirname, `../../src/renderer/i18n/en/${file}.json`), 'utf8'))
  return String(path.split('.').reduce((value: unknown, part) => (value as Record<string, unknown>)[part], texts))
}
