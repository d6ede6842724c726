import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './support/app.ts'
import { contentsOf, randomFile, sha256, User } from './support/user.ts'

test('uploads a folder, finds it, edits metadata, downloads it by file ID and as a zip, and deletes it', async ({
  app,
  folder,
  context
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const user = new User(app)
  const source = join(folder, '春季素材')
  await randomFile(join(source, '海报 终稿.psd'), 300_000)
  await randomFile(join(source, 'logo.svg'), 900)
  await randomFile(join(source, 'empty.txt'), 0)
  await randomFile(join(source, 'photos/2026/beach (1) 日落.jpg'), 20_000)
  await randomFile(join(source, 'video/clip.mp4'), 40_000_000)
  const original = await contentsOf(source)

  await test.step('drops a folder, chooses a group', async () => {
    await user.pickFolder(source)
    await expect(app.getByTestId('upload-summary')).toContainText('5 files')
    await user.chooseGroup('group1')
    await user.confirmUpload()
    await user.expectFileCount('5 files')
    await user.expectDone('春季素材')
    await user.goTo('files')
  })

  await test.step('sees name, ID, group and size; searches with two Chinese characters', async () => {
    await user.search('海报')
    await user.expectFileCount('1 file')
    const row = user.row('海报 终稿.psd')
    await expect(row).toContainText('group1')
    await expect(row).toContainText(/group1\/M00\//)
    await user.search('')
    await user.expectFileCount('5 files')
    await app.getByTestId('folder-tree').getByText('春季素材').click()
    await expect(app.getByTestId('file-table')).toBeVisible()
    await app.getByTestId('nav-files').click()
  })

  await test.step('edits metadata of one file and of several; the values are on the server', async () => {
    await user.row('logo.svg').click()
    const inspector = app.getByTestId('inspector')
    await expect(inspector.getByTestId('metadata-row')).toHaveCount(1)
    await expect(inspector.getByLabel('Value of filename')).toHaveValue('logo.svg')
    await inspector.getByLabel('Key', { exact: true }).fill('作者')
    await inspector.getByLabel('Value', { exact: true }).fill('李雷')
    await inspector.getByRole('button', { name: 'Add', exact: true }).click()
    await inspector.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(inspector.getByText('Saved on the server')).toBeVisible()

    await user.row('empty.txt').click({ modifiers: ['Control'] })
    await expect(inspector.getByLabel('Value of filename')).toHaveAttribute('placeholder', 'Different values')
    await inspector.getByLabel('Key', { exact: true }).fill('project')
    await inspector.getByLabel('Value', { exact: true }).fill('spring')
    await inspector.getByRole('button', { name: 'Add', exact: true }).click()
    await inspector.getByRole('button', { name: 'Save to 2 files' }).click()
    await expect(inspector.getByText('Saved on the server')).toBeVisible()

    await user.row('logo.svg').click()
    await inspector.getByRole('button', { name: 'Read from the server' }).click()
    await expect(inspector.getByLabel('Value of 作者')).toHaveValue('李雷')
    await expect(inspector.getByLabel('Value of project')).toHaveValue('spring')
    await inspector.getByRole('button', { name: 'Check now' }).click()
    await expect(inspector.getByText('There, and unchanged')).toBeVisible()
  })

  let ids: string[] = []
  await test.step('copies the file IDs of everything', async () => {
    await user.selectAll()
    await app.getByRole('button', { name: 'Copy', exact: true }).first().click()
    await app.getByRole('menuitem', { name: 'File IDs' }).click()
    await expect.poll(async () => (await app.evaluate(() => navigator.clipboard.readText())).split('\n').filter(Boolean).length).toBe(5)
    ids = (await app.evaluate(() => navigator.clipboard.readText())).split('\n').filter(Boolean)
  })

  await test.step('pastes messy IDs and downloads them', async () => {
    await app.getByRole('button', { name: 'Paste IDs' }).click()
    const messy = `"${ids[0]}",\n\n  http://files.example.com:8888/${ids[1]}?token=1\n${ids[2]}，${ids[3]}\n'${ids[4]}'\nnot-an-id\n`
    await app.getByTestId('paste-text').fill(messy)
    await expect(app.getByTestId('paste-summary')).toHaveText('5 files understood')
    await expect(app.getByTestId('paste-bad')).toHaveCount(1)
    await app.getByRole('button', { name: 'Download…' }).click()
    const dialog = app.getByTestId('download-dialog')
    const target = join(folder, 'by-id')
    await dialog.getByLabel('Save in').fill(target)
    await dialog.getByRole('button', { name: 'Download', exact: true }).click()
    await expect(dialog).toBeHidden()
    await user.settled(/Download|by-id|files/)
    await expect.poll(async () => Object.values(await contentsOf(target).catch(() => ({}))).sort()).toEqual(Object.values(original).sort())
  })

  await test.step('downloads the selection with its folders', async () => {
    await user.goTo('files')
    if (await app.getByTestId('paste-dialog').isVisible()) await app.keyboard.press('Escape')
    await user.selectAll()
    await app.getByRole('toolbar').getByRole('button', { name: 'Download', exact: true }).click()
    const dialog = app.getByTestId('download-dialog')
    const target = join(folder, 'with-folders')
    await dialog.getByLabel('Save in').fill(target)
    await dialog.getByRole('button', { name: 'Download', exact: true }).click()
    await expect(dialog).toBeHidden()
    await expect.poll(() => contentsOf(join(target, '春季素材')).catch(() => ({}))).toEqual(original)
  })

  await test.step('downloads the selection as one zip', async () => {
    await app.getByRole('toolbar').getByRole('button', { name: 'Download as ZIP' }).click()
    const dialog = app.getByTestId('zip-dialog')
    await dialog.getByTestId('zip-name').fill('assets.zip')
    await dialog.getByLabel('Save in').fill(folder)
    await dialog.getByRole('button', { name: 'Make ZIP' }).click()
    await expect(dialog).toBeHidden()
    await user.expectDone('assets')
    const archive = join(folder, 'assets.zip')
    const check = spawnSync('unzip', ['-t', archive], { encoding: 'utf8' })
    // Where there is no unzip the archive's structure is checked by the unit tests.
    if (check.error === undefined) expect(check.stdout).toContain('No errors detected')
    expect((await readFile(archive)).subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
  })

  await test.step('deletes with a confirmation that names what will be gone', async () => {
    await user.goTo('files')
    await user.row('logo.svg').click()
    await app.keyboard.press('Delete')
    const dialog = app.getByRole('alertdialog')
    await expect(dialog).toContainText('logo.svg')
    await dialog.getByText('Delete from the servers at once').click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await user.expectFileCount('4 files')
  })
})

test('sees groups and storages, adds a connection, tests it, switches', async ({ app }) => {
  const user = new User(app)
  await user.goTo('cluster')
  await expect(app.getByTestId('cluster-group')).toHaveCount(2)
  await expect(app.getByTestId('cluster-storage')).toHaveCount(3)
  const tracker = (await app.getByTestId('cluster-tracker').first().innerText()).match(/127\.0\.0\.1:\d+/)?.[0] ?? ''
  expect(tracker).not.toBe('')
  await app
    .getByRole('button', { name: /^Details of 127/ })
    .first()
    .click()
  await expect(app.getByTestId('cluster-storage-details')).toContainText('Running since')

  await user.goTo('connections')
  await app.getByRole('button', { name: 'Add connection' }).first().click()
  const dialog = app.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Studio')
  await dialog.getByLabel('Trackers').fill('127.0.0.1:1')
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  const steps = dialog.getByTestId('test-step')
  await expect(steps.last()).toHaveAttribute('data-ok', 'false')
  await expect(steps.last()).toContainText('Check the port number')
  await dialog.getByLabel('Trackers').fill(tracker)
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog.getByText('The connection works.')).toBeVisible()
  await expect(dialog.locator('[data-testid="test-step"][data-ok="false"]')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  await app.getByRole('button', { name: 'Use Studio' }).click()
  await expect(app.getByTestId('connection-switcher')).toContainText('Studio')
  await user.goTo('cluster')
  await expect(app.getByTestId('cluster-storage')).toHaveCount(3)
})

test('shows why single files fail while the others go on', async ({ app, folder }) => {
  const user = new User(app)
  await mkdir(folder, { recursive: true })
  await randomFile(join(folder, 'one.bin'), 5000)
  await user.pickFiles([join(folder, 'one.bin')])
  await user.confirmUpload()
  await user.expectFileCount('1 file')

  const id = await user
    .row('one.bin')
    .innerText()
    .then((text) => /group\d\/M00\/\S+/.exec(text)?.[0] ?? '')
  // A well-formed ID of a file that was never there.
  const gone = id.replace(/(.{27})(\d{3})\.bin$/, (_, head: string) => `${head}999.bin`)
  await app.getByRole('button', { name: 'Paste IDs' }).click()
  await app.getByTestId('paste-text').fill(`${id}\n${gone}`)
  await app.getByRole('button', { name: 'Download…' }).click()
  const dialog = app.getByTestId('download-dialog')
  await dialog.getByLabel('Save in').fill(join(folder, 'out'))
  await dialog.getByRole('button', { name: 'Download', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(() => sha256(join(folder, 'out/one.bin')).catch(() => '')).toBe(await sha256(join(folder, 'one.bin')))
  await user.goTo('transfers')
  await expect(app.getByTestId('transfer-batch').first()).toContainText('1 failed')
})

test('goes on with a 200 MB upload after the program was killed in the middle of it', async ({ app, folder, host }) => {
  const user = new User(app)
  const big = join(folder, '大文件.mov')
  await randomFile(big, 200 * 1_048_576)
  await copyFile(big, join(folder, 'copy.mov'))
  await user.limitUploads(40)
  await user.pickFiles([big])
  await user.confirmUpload()
  await user.goTo('transfers')
  // Killed once part of it is on the storage.
  await expect
    .poll(
      async () =>
        Number(
          await app
            .getByTestId('transfer-batch')
            .first()
            .getByRole('progressbar')
            .getAttribute('aria-valuenow')
            .catch(() => '0')
        ),
      {
        intervals: [20],
        timeout: 120_000
      }
    )
    .toBeGreaterThan(0)
  await expect(app.getByRole('button', { name: 'Pause 大文件.mov' }).first()).toBeVisible()
  await host.kill()
  await app.goto(await host.start())
  await user.expectDone('大文件.mov')
  await user.goTo('files')
  await user.expectFileCount('1 file')
  await user.row('大文件.mov').click()
  await app.getByRole('toolbar').getByRole('button', { name: 'Download', exact: true }).click()
  const dialog = app.getByTestId('download-dialog')
  await dialog.getByLabel('Save in').fill(join(folder, 'back'))
  await dialog.getByRole('button', { name: 'Download', exact: true }).click()
  await expect
    .poll(() => sha256(join(folder, 'back/大文件.mov')).catch(() => ''), { timeout: 120_000 })
    .toBe(await sha256(join(folder, 'copy.mov')))
})

test('takes 2,000 small files dropped at once, and pauses, resumes and cancels what runs', async ({ app, folder }) => {
  const user = new User(app)
  const source = join(folder, 'icons')
  for (let i = 0; i < 2000; i++) await randomFile(join(source, `set ${i % 20}`, `icon-${i}.png`), 1500)
  await user.pickFolder(source)
  await expect(app.getByTestId('upload-summary')).toContainText('2,000 files')
  await user.confirmUpload()
  await user.expectFileCount('2,000 files')
  await user.expectDone('icons')
  await expect(user.batch('icons')).toContainText('2,000 files')

  const big = join(folder, 'film.mov')
  await randomFile(big, 100 * 1_048_576)
  await user.limitUploads(4)
  await user.pickFiles([big])
  await user.confirmUpload()
  await user.goTo('transfers')
  await app.getByRole('button', { name: 'Pause film.mov' }).click({ timeout: 60_000 })
  const batch = user.batch('film.mov')
  await expect(batch.getByRole('img', { name: /, Paused$/ })).toBeVisible()
  await batch.getByRole('button', { name: 'Resume film.mov' }).click()
  await expect(batch.getByRole('button', { name: 'Pause film.mov' })).toBeVisible()
  await batch.getByRole('button', { name: 'Cancel film.mov' }).click()
  await app.getByRole('alertdialog').getByRole('button', { name: 'Cancel transfer' }).click()
  await expect(batch.getByRole('img', { name: /, Cancelled$/ })).toBeVisible()
  await user.goTo('files')
  await user.expectFileCount('2,000 files')
})

test('takes files that are dropped on the window', async ({ app }) => {
  const user = new User(app)
  const transfer = await app.evaluateHandle(() => {
    const data = new DataTransfer()
    data.items.add(new File(['dropped content'], '拖放.txt', { type: 'text/plain' }))
    return data
  })
  const target = app.getByRole('main')
  await target.dispatchEvent('dragenter', { dataTransfer: transfer })
  await target.dispatchEvent('dragover', { dataTransfer: transfer })
  await target.dispatchEvent('drop', { dataTransfer: transfer })
  await expect(app.getByTestId('upload-sheet')).toBeVisible()
  await app.keyboard.press('Enter')
  await user.expectFileCount('1 file')
  await expect(user.row('拖放.txt')).toBeVisible()
})
