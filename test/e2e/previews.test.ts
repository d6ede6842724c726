import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

/** Real pictures and a real film, made by the browser that will show them. */
async function media(page: Page): Promise<{ picture: Buffer; film: Buffer }> {
  const made = await page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 320
    canvas.height = 200
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    const bytes = async (blob: Blob) => [...new Uint8Array(await blob.arrayBuffer())]
    const paint = (hue: number) => {
      context.fillStyle = `hsl(${hue}, 70%, 50%)`
      context.fillRect(0, 0, 320, 200)
    }
    paint(200)
    const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm;codecs=vp8' })
    const parts: Blob[] = []
    recorder.ondataavailable = ({ data }) => parts.push(data)
    const stopped = new Promise((done) => (recorder.onstop = done))
    recorder.start()
    for (let frame = 0; frame < 20; frame += 1) {
      paint(frame * 18)
      await new Promise((done) => setTimeout(done, 50))
    }
    recorder.stop()
    await stopped
    return { picture: await bytes(picture as Blob), film: await bytes(new Blob(parts)) }
  })
  return { picture: Buffer.from(made.picture), film: Buffer.from(made.film) }
}

test('looks at files with the space bar: picture, film, text, bytes, and what a picture must not do', async ({ app, folder }) => {
  const problems: string[] = []
  app.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  app.on('dialog', (dialog) => {
    problems.push(`a script ran: ${dialog.message()}`)
    void dialog.dismiss()
  })
  const { picture, film } = await media(app)
  const files: Record<string, Buffer | string> = {
    '1 picture.png': picture,
    '2 film.webm': film,
    '3 prices.csv': Buffer.from([0xc9, 0xcc, 0xc6, 0xb7, 0x2c, 0x31]),
    '4 page.html': '<script>alert(1)</script>',
    '5 logo.svg':
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(2)"><script>alert(3)</script><rect width="9" height="9"/></svg>',
    '6 data.bin': Buffer.from([0, 1, 2, 3]),
    '7 broken.jpg': 'not a picture'
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  const user = new User(app)
  await user.pickFiles(Object.keys(files).map((name) => join(folder, name)))
  await user.confirmUpload()
  await user.expectFileCount('7 files')
  await app.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()
  await expect(app.getByTestId('file-row').first()).toContainText('1 picture.png')

  await user.row('1 picture.png').click()
  await expect(app.getByTestId('inspector').getByRole('button', { name: 'Preview “1 picture.png”' }).locator('img')).toBeVisible()
  await app.keyboard.press('Space')
  const preview = app.getByTestId('quick-preview')
  const image = preview.getByRole('img', { name: '1 picture.png' })
  await expect(image).toBeVisible()
  expect(await image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(320)

  await app.keyboard.press('ArrowRight')
  const video = preview.locator('video')
  await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.videoWidth)).toBe(320)
  await app.keyboard.press('ArrowRight')
  await expect(preview.getByText('商品,1')).toBeVisible()
  await expect(preview.getByText('Text, GB 18030')).toBeVisible()
  const { violations } = await new AxeBuilder({ page: app }).analyze()
  expect(
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
  ).toEqual([])
  await app.keyboard.press('ArrowRight')
  await expect(preview.getByText('<script>alert(1)</script>')).toBeVisible()
  await app.keyboard.press('ArrowRight')
  await expect(preview.getByRole('img', { name: '5 logo.svg' })).toBeVisible()
  await app.keyboard.press('ArrowRight')
  await expect(preview.getByText(/00000000 {2}00 01 02 03/)).toBeVisible()
  expect(problems).toEqual([])
  await app.keyboard.press('ArrowRight')
  await expect(preview.getByText('This format cannot be shown here')).toBeVisible()
  await app.keyboard.press('Space')
  await expect(preview).toBeHidden()
  await expect(app.getByTestId('file-table')).toBeFocused()
})

test('shows the library as pictures, with the same selection and keys', async ({ app, folder }) => {
  const { picture } = await media(app)
  const names = ['a.png', 'b.png', 'c.png', 'd.txt']
  for (const name of names) await writeFile(join(folder, name), name.endsWith('png') ? picture : 'text')
  const user = new User(app)
  await user.pickFiles(names.map((name) => join(folder, name)))
  await user.confirmUpload()
  await user.expectFileCount('4 files')
  await app.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()
  await user.row('b.png').click()
  await app.getByTestId('view-options').click()
  await app.getByRole('menuitem', { name: 'Thumbnails' }).click()
  const grid = app.getByTestId('file-grid')
  await expect(grid.getByRole('option', { selected: true })).toContainText('b.png')
  await expect(grid.locator('img')).toHaveCount(3)
  await user.row('a.png').click()
  await app.keyboard.press('Shift+ArrowRight')
  await app.keyboard.press('Shift+ArrowRight')
  await expect(app.getByTestId('selected-count')).toHaveText('3 selected')
  await app.keyboard.press('End')
  await expect(grid.getByRole('option', { selected: true })).toContainText('d.txt')
  const { violations } = await new AxeBuilder({ page: app }).analyze()
  expect(
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
  ).toEqual([])
  await app.reload()
  await expect(grid).toBeVisible()
})
