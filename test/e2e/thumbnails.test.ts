import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

/** A picture of its own colours, larger than what is fetched without asking for a small one first. */
async function picture(page: Page, hue: number, type: 'image/png' | 'image/jpeg'): Promise<Buffer> {
  const made = await page.evaluate(
    async ([paint, mime]) => {
      const canvas = new OffscreenCanvas(640, 400)
      const context = canvas.getContext('2d')
      if (context === null) throw new Error('no canvas')
      const pixels = context.createImageData(640, 400)
      for (let at = 0; at < pixels.data.length; at += 4) {
        const noise = (at * 7919) % 97
        pixels.data.set([paint, noise, (at >> 8) & 255, 255], at)
      }
      context.putImageData(pixels, 0, 0)
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: mime, quality: 0.95 })).arrayBuffer())]
    },
    [hue, type] as const
  )
  return Buffer.from(made)
}

/** A document of Photoshop with one colour, as its specification lays it out. */
function photoshop(): Buffer {
  const header = Buffer.alloc(26)
  header.write('8BPS')
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(3, 12)
  header.writeUInt32BE(300, 14)
  header.writeUInt32BE(400, 18)
  header.writeUInt16BE(8, 22)
  header.writeUInt16BE(3, 24)
  const planes = [200, 40, 90].map((value) => Buffer.alloc(400 * 300, value))
  return Buffer.concat([header, Buffer.alloc(12), Buffer.alloc(2), ...planes])
}

test('small pictures are stored on the server at upload and for a selection, and go with their file', async ({ app, folder }) => {
  const user = new User(app)
  await writeFile(join(folder, 'a.jpg'), await picture(app, 30, 'image/jpeg'))
  await writeFile(join(folder, 'b.png'), await picture(app, 200, 'image/png'))
  await writeFile(join(folder, 'c.psd'), photoshop())
  await writeFile(join(folder, 'd.jpg'), 'no picture at all')
  await user.pickFiles(['a.jpg', 'b.png', 'c.psd', 'd.jpg'].map((name) => join(folder, name)))
  await user.confirmUpload()
  await user.expectFileCount('4 files')
  await app.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()

  // By keyboard alone: everything selected, the menu key, the dialog, Enter.
  await user.selectAll()
  await app.keyboard.press('Control+k')
  await expect(app.getByTestId('palette')).toBeVisible()
  await app.keyboard.type('Store thumbnails')
  await expect(app.getByTestId('palette').getByRole('option', { name: /^Store thumbnails…/ })).toBeVisible()
  await app.keyboard.press('Enter')
  const dialog = app.getByTestId('thumbnails-dialog')
  const sizes = dialog.getByRole('textbox', { name: 'Sizes' })
  await expect(sizes).toHaveValue('150x150')
  await sizes.fill('100')
  await expect(dialog.getByText('Write sizes like 150x150')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Store' })).toBeDisabled()
  await sizes.fill('150x150, 320x320')
  await user.expectAccessible()
  await app.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(app.getByText('2 thumbnails could not be made')).toBeVisible({ timeout: 60_000 })
  await app.getByRole('button', { name: 'Dismiss' }).last().click()

  // What is on the server: found by the page that reads it, under the name that other programs use.
  for (const [name, ext] of [
    ['a.jpg', 'jpg'],
    ['b.png', 'png'],
    ['c.psd', 'jpg']
  ] as const) {
    const fileId = await user.row(name).getAttribute('data-file-id')
    const slave = `${fileId?.slice(0, fileId.lastIndexOf('.'))}_150x150.${ext}`
    await app.getByRole('button', { name: 'Paste IDs' }).click()
    await app.getByTestId('paste-text').fill(slave)
    await app.getByRole('button', { name: 'Add to library' }).click()
    await expect(app.getByTestId('paste-dialog')).toBeHidden()
  }
  await user.expectFileCount('7 files')
  const small = app.getByTestId('file-row').filter({ hasText: '_150x150.png' })
  await small.click()
  await app.keyboard.press('Space')
  const shown = app.getByTestId('quick-preview').locator('img')
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([150, 94])
  await app.keyboard.press('Escape')
})

test('Photoshop documents and what no window can read are shown, from the program’s disk after a restart', async ({
  app,
  host,
  folder
}) => {
  const user = new User(app)
  await writeFile(join(folder, 'poster.psd'), photoshop())
  await writeFile(join(folder, 'phone.heic'), Buffer.alloc(5_000, 3))
  await user.pickFiles([join(folder, 'poster.psd'), join(folder, 'phone.heic')])
  await user.confirmUpload()
  await user.expectFileCount('2 files')
  await user.row('poster.psd').click()
  const open = app.getByTestId('inspector').getByRole('button', { name: 'Preview “poster.psd”' })
  const kept = app.waitForResponse((response) => response.url().includes('/small') && response.status() === 204)
  await expect(open.locator('img')).toBeVisible()
  await kept
  await app.keyboard.press('Space')
  const image = app.getByTestId('quick-preview').getByRole('img', { name: 'poster.psd' })
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(400)
  await app.keyboard.press('Escape')
  await user.row('phone.heic').click()
  await expect(app.getByTestId('inspector').locator('svg text')).toHaveText('HEIC')
  await app.keyboard.press('Space')
  await expect(app.getByTestId('quick-preview').getByText('This format cannot be shown here')).toBeVisible()
  await app.keyboard.press('Escape')

  await host.stop()
  await host.start()
  await app.goto(host.url)
  const again = app.waitForResponse((response) => response.url().includes('/small') && response.status() === 200)
  await user.row('poster.psd').click()
  await again
  await expect(open.locator('img')).toBeVisible()
})
