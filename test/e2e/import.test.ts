import { readdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Locator } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { randomFile, User } from './support/user.ts'

test('files come into the library from a server, from its log and from a list; what is deleted there shows as missing', async ({
  app,
  folder,
  host
}) => {
  test.setTimeout(120_000)
  const user = new User(app)
  const source = join(folder, '素材')
  await randomFile(join(source, 'hero.jpg'), 30_000)
  await randomFile(join(source, 'logo.svg'), 900)
  await user.pickFolder(source)
  await user.chooseGroup('group2')
  await user.confirmUpload()
  await user.expectFileCount('2 files')
  await user.expectDone('素材')
  await user.goTo('files')
  const dialog = app.getByTestId('import-dialog')
  /** The newest of its kind. */
  const job = (kind: string): Locator => dialog.locator(`[data-testid=import-job][data-kind=${kind}]`).first()
  const openImport = async (way: string): Promise<void> => {
    await app.keyboard.press('Control+k')
    await app.getByTestId('palette').getByRole('combobox').fill('existing')
    await app.keyboard.press('Enter')
    await dialog.getByTestId(`import-way-${way}`).click()
  }
  const listGroup2 = async (): Promise<void> => {
    await dialog.getByTestId('import-group').click()
    await app.getByRole('option', { name: 'group2' }).click()
    await dialog.getByRole('button', { name: 'Read the files of group2' }).click()
  }
  const close = async (): Promise<void> => {
    await app.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  }
  let ids: string[] = []

  await test.step('a library that forgot them learns them from the server, with their names', async () => {
    await expect(app.getByTestId('file-row')).toHaveCount(2)
    ids = await app.getByTestId('file-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-file-id') ?? ''))
    await user.selectAll()
    await app.keyboard.press('Control+k')
    await app.getByTestId('palette').getByRole('combobox').fill('remove from library')
    await app.keyboard.press('Enter')
    await app
      .getByTestId('forget-dialog')
      .getByRole('button', { name: /Remove/ })
      .click()
    await expect(app.getByTestId('file-row')).toHaveCount(0)

    await openImport('server')
    await expect(dialog.getByText('reads its whole log')).toBeVisible()
    await listGroup2()
    await expect(job('listing')).toHaveAttribute('data-state', 'done')
    await expect(job('listing')).toContainText('2 new')
    await expect(job('reading')).toHaveAttribute('data-state', 'done')
    await close()
    await user.expectFileCount('2 files')
    await expect(user.row('hero.jpg')).toBeVisible()
    await expect(user.row('logo.svg')).toBeVisible()
  })

  await test.step('a file that vanished from the server is missing after the next listing', async () => {
    const gone = basename(ids[0]!)
    for (const path of await readdir(host.dataDir, { recursive: true })) if (basename(path) === gone) await rm(join(host.dataDir, path))
    // What came into the library in the last seconds is not judged.
    await app.waitForTimeout(11_000)
    await openImport('server')
    await listGroup2()
    await expect(job('listing')).toContainText('1 missing')
    await close()
    await user.search('is:missing')
    await user.expectFileCount('1 file')
    await user.search('')
  })

  await test.step('a log with a cut end is looked at, then replayed', async () => {
    const remote = ids.map((id) => id.slice('group2/'.length))
    const log = join(folder, 'binlog.000')
    await writeFile(log, `1795361461 C ${remote[0]}\n1795361462 C ${remote[1]}\nwhat is this\n1795361463 C ${remote[0]!.slice(0, 9)}`)
    await openImport('binlog')
    const chooser = app.waitForEvent('filechooser')
    await dialog.getByRole('button', { name: 'Choose files…' }).click()
    await (await chooser).setFiles(log)
    const report = dialog.getByTestId('binlog-report')
    await expect(report).toContainText('1 line is no record')
    await expect(report).toContainText('has no end')
    await expect(dialog.getByTestId('binlog-group')).toContainText('group2')
    await dialog.getByRole('button', { name: 'Add to the library' }).click()
    await expect(job('binlog')).toContainText('0 new')
    await expect(job('binlog')).toContainText('2 known')
    await close()
  })

  await test.step('a table with names, folders and tags says what it would do', async () => {
    await openImport('list')
    const text = ['文件ID,名称,文件夹,标签', `${ids[0]},主图.jpg,2026/春季,hero;红`, 'nonsense,x,,'].join('\n')
    await dialog.getByTestId('import-text').fill(text)
    await expect(dialog.getByTestId('import-row')).toHaveCount(2)
    await expect(dialog.getByTestId('import-row').first()).toHaveAttribute('data-state', 'merge')
    await expect(dialog.getByTestId('import-row').last()).toHaveAttribute('data-state', 'bad')
    await dialog.getByRole('button', { name: 'Add 1 file', exact: true }).click()
    await expect(job('list')).toHaveAttribute('data-state', 'done')
    await close()
    await expect(user.row('主图.jpg')).toBeVisible()
    await user.expectFileCount('2 files')
  })
})
