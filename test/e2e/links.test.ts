import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { webServer } from '../support/web-server.ts'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

const SECRET = 'FastDFS1234567890'

test('50 pictures are shared as signed links that open with their names', async ({ app, folder, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const copied = () => app.evaluate(() => navigator.clipboard.readText())
  const files = new Map<string, Buffer>()
  const decoy = Buffer.from('decoy')
  // A web server whose clock is an hour behind: tokens have to go by its time.
  const server = await webServer({ files, secret: SECRET, decoy, nowSeconds: () => Math.floor(Date.now() / 1000) - 3600 })
  try {
    const user = new User(app)
    const contents = new Map<string, string>()
    const paths: string[] = []
    for (let index = 0; index < 50; index += 1) {
      const name = `照片 ${index}.png`
      const content = `picture ${index}`
      contents.set(name, content)
      paths.push(join(folder, name))
      await writeFile(join(folder, name), content)
    }
    await user.pickFiles(paths)
    await user.confirmUpload()
    await user.expectFileCount('50 files')

    await user.selectAll()
    await app.getByTestId('files-panel').getByRole('button', { name: 'Copy', exact: true }).click()
    await app.getByRole('menuitem', { name: 'Copy as…' }).click()
    const dialog = app.getByTestId('copy-as-dialog')
    // What the connection does not know yet is asked for where it is needed.
    await dialog.getByTestId('base-form').getByRole('textbox').fill('not an address')
    await dialog.getByTestId('base-form').getByRole('button', { name: 'Use' }).click()
    await expect(dialog.getByText('Write it as http://host')).toBeVisible()
    await dialog.getByTestId('base-form').getByRole('textbox').fill(server.base.replace('http://', ''))
    await app.keyboard.press('Enter')
    await expect(dialog.getByTestId('copy-as-preview')).toContainText(`${server.base}/group`)
    await dialog.getByText('Save under the name in the library').click()
    await dialog.getByText('Sign with a token').click()
    await dialog.getByTestId('secret-form').getByRole('textbox').fill(SECRET)
    await dialog.getByRole('button', { name: 'Use' }).click()
    await expect(dialog.getByTestId('copy-as-preview')).toContainText('token=')
    await expect(dialog.getByText('Works until')).toBeVisible()
    await expect(dialog.getByTestId('copy-as-clock')).toContainText('behind this computer')
    await dialog.getByRole('button', { name: 'QR code' }).click()
    await expect(dialog.getByTestId('qr-code')).toBeVisible()
    await expect(dialog.getByText('1 of 50')).toBeVisible()
    await dialog.getByRole('button', { name: 'Next code' }).click()
    await expect(dialog.getByText('2 of 50')).toBeVisible()
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
    await expect(dialog).toBeHidden()
    const links = (await copied()).split('\n')
    expect(links).toHaveLength(50)

    for (const link of links) {
      const url = new URL(link)
      const name = url.searchParams.get('filename') ?? ''
      files.set(url.pathname.slice(1), Buffer.from(contents.get(name) ?? '?'))
      const good = await fetch(link)
      expect(await good.text()).toBe(contents.get(name))
      expect(Buffer.from(good.headers.get('content-disposition') ?? '', 'latin1').toString()).toBe(`attachment; filename="${name}"`)
      url.searchParams.set('token', createHash('md5').update(link).digest('hex'))
      expect(await (await fetch(url)).text()).toBe('decoy')
    }

    const again = async () => {
      await app.getByTestId('files-panel').getByRole('button', { name: 'Copy', exact: true }).click()
      await app.getByRole('menuitem', { name: 'Copy as…' }).click()
    }
    await again()
    await dialog.getByRole('button', { name: 'Check links' }).click()
    await expect(dialog.getByText('50 of 50 links deliver the file as it is.')).toBeVisible()
    const [broken = ''] = [...files.keys()]
    files.set(broken, Buffer.from('something else'))
    await dialog.getByRole('button', { name: 'Check links' }).click()
    await dialog.getByRole('button', { name: 'Check links' }).click()
    await expect(dialog.getByText('49 of 50 links deliver the file as it is.')).toBeVisible()
    await expect(dialog.getByTestId('link-check')).toHaveCount(1)
    await expect(dialog.getByText('answers with something else than the file')).toBeVisible()

    await dialog.getByRole('radio', { name: 'Table (CSV)' }).click()
    await expect(dialog.getByTestId('copy-as-preview')).toContainText('name,file_id,link')
    const download = app.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Save as file…' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('fastdfs-links.csv')
    const table = await readFile(await saved.path(), 'utf8')
    expect(table.trim().split('\r\n')).toHaveLength(51)
    expect(table).toContain('照片 49.png')
  } finally {
    await server.close()
  }
})
