/**
 * What users do with the program and the desktop around it, step by step, on one data folder. The same steps run in the packed
 * program with a stand-in runtime (test/pack/windows.ts) and in real Electron where that can be had (test/e2e/electron.test.ts).
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'

/** The program from outside its pages. The first window is the one that steps use unless they say otherwise. */
export interface Desktop {
  /** An empty folder for the files of the user. */
  folder: string
  page: Page
  /** As the user clicks it. */
  menu(label: string): Promise<void>
  /** What the next native dialogs for files give. */
  choose(paths: string[]): Promise<void>
  /** Which button of the next questions is pressed. */
  answer(button: number): Promise<void>
  /** Messages of the native questions so far. */
  asked(): Promise<string>
  /** The program is started again by a file manager, with these words, in `folder`. */
  secondStart(words: string[]): Promise<void>
  followLink(url: string): Promise<void>
  /** Pages of all open windows, the newest last. */
  pages(): Promise<Page[]>
  closeFirstWindow(): Promise<void>
  isAwake(): Promise<boolean>
  /** Resolves when the program has ended. */
  ended(): Promise<void>
}

export type Step = [name: string, run: () => Promise<void>]

/** The file that the program is started with ("open with"); it must be there before the start. */
export const OPENED = '用它打开.txt'
const PATIENCE = { timeout: 20_000 }

/** Steps in their order; each leans on those before it. */
export function shellJourneys(desktop: Desktop): Step[] {
  const { page, folder } = desktop
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  const row = (name: string) => page.getByTestId('file-row').filter({ hasText: name })
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  return [
    [
      'the window shows the program, and the page has nothing of Node or Electron',
      async () => {
        await page.getByTestId('nav-files').waitFor(PATIENCE)
        const found = await page.evaluate('[typeof require, typeof process, typeof module, Object.keys(fdfs).sort().join()]')
        assert.deepEqual(found, ['undefined', 'undefined', 'undefined', 'onMessage,pathForFile,send'])
      }
    ],
    [
      'a file that the program was started with is offered in the upload sheet, and goes up',
      async () => {
        await expect(page.getByTestId('upload-summary')).toContainText('1 item', PATIENCE)
        await page.getByTestId('upload-sheet').getByRole('button', { name: 'Upload', exact: true }).click()
        await expect(row(OPENED)).toBeVisible(PATIENCE)
      }
    ],
    [
      'a menu leads the window to its views',
      async () => {
        await desktop.menu('Transfers')
        await expect(page.getByTestId('nav-transfers')).toHaveAttribute('aria-current', 'page', PATIENCE)
        await expect(page.getByTestId('transfer-batch')).toHaveCount(1, PATIENCE)
        await desktop.menu('Files')
        await expect(page.getByTestId('nav-files')).toHaveAttribute('aria-current', 'page', PATIENCE)
      }
    ],
    [
      'files from a menu come by the native dialog',
      async () => {
        await desktop.choose(['a.png', 'b.bin'].map((name) => file(name, name.repeat(1_000))))
        await desktop.menu('Upload Files…')
        await expect(page.getByTestId('upload-summary')).toContainText('2 items', PATIENCE)
        await page.keyboard.press('Enter')
        await expect(page.getByTestId('file-count')).toHaveText('3 files', PATIENCE)
      }
    ],
    [
      'a second start hands its file to the window',
      async () => {
        file('sent to.txt', 'sent')
        await desktop.secondStart(['sent to.txt'])
        await expect(page.getByTestId('upload-summary')).toContainText('1 item', PATIENCE)
        await page.keyboard.press('Escape')
        await expect(page.getByTestId('upload-sheet')).toBeHidden(PATIENCE)
      }
    ],
    [
      'a link shows its file, and a link of a stranger changes nothing',
      async () => {
        await desktop.followLink('fastdfs-desktop://upload?path=/etc/passwd')
        await desktop.followLink('fastdfs-desktop://open?id=group1/M00/00/00/wKgBaGRJ0gKAd2p2AAAABnMuJDY123.txt')
        await expect(page.getByTestId('paste-good')).toHaveCount(1, PATIENCE)
        await page.keyboard.press('Escape')
        await expect(page.getByTestId('paste-dialog')).toBeHidden(PATIENCE)
      }
    ],
    [
      'a link proposes a connection, and nothing of it is kept before the user agrees',
      async () => {
        await desktop.followLink('fastdfs-desktop://connect?tracker=10.0.0.1&name=Photos')
        await expect(page.getByTestId('connect-dialog').getByText('10.0.0.1:22122')).toBeVisible(PATIENCE)
        await page.keyboard.press('Escape')
        await expect(page.getByTestId('connection')).toHaveCount(1, PATIENCE)
        await desktop.menu('Files')
      }
    ],
    [
      'the content of a file is shown by the scheme of previews',
      async () => {
        await row(OPENED).dblclick()
        await expect(page.getByTestId('quick-preview')).toContainText('opened with the program', PATIENCE)
        await page.keyboard.press('Escape')
      }
    ],
    [
      'a second window shows the same, and hears of what the first does',
      async () => {
        await desktop.menu('New Window')
        await expect.poll(async () => (await desktop.pages()).length, PATIENCE).toBe(2)
        const other = (await desktop.pages()).at(-1) ?? page
        await expect(other.getByTestId('file-count')).toHaveText('3 files', PATIENCE)
        await page.getByTestId('file-row').first().click()
        await page.keyboard.press('F2')
        await page.keyboard.type('renamed')
        await page.keyboard.press('Enter')
        await expect(other.getByText('renamed').first()).toBeVisible(PATIENCE)
        await other.close({ runBeforeUnload: false })
      }
    ],
    [
      'the settings have the desktop among them, and About the licences',
      async () => {
        await desktop.menu('Settings…')
        const background = page.getByRole('switch', { name: 'Keep running without a window' })
        await background.click(PATIENCE)
        await expect(background).toBeChecked(PATIENCE)
        await background.click()
        await expect(background).not.toBeChecked(PATIENCE)
        await page.getByRole('button', { name: 'Third-party licences…' }).click()
        await expect(page.getByTestId('licences').getByText('react-dom', { exact: true })).toBeVisible(PATIENCE)
        await page.keyboard.press('Escape')
      }
    ],
    [
      'the page reaches nothing outside, and runs nothing that did not come with it',
      async () => {
        const before = page.url()
        const outside = await page.evaluate("fetch('https://example.com/').then(() => 'reached', () => 'blocked')")
        const text = await page.evaluate(
          "new Promise((done) => { setTimeout('window.evaluated = 1', 0); setTimeout(() => done(window.evaluated ?? 'blocked'), 50) })"
        )
        const inline = await page.evaluate(
          "(() => { const s = document.createElement('script'); s.textContent = 'window.inline = 1'; document.body.append(s); return window.inline ?? 'blocked' })()"
        )
        assert.deepEqual([outside, text, inline, page.url()], ['blocked', 'blocked', 'blocked', before])
        // The attempts were told to the console; nothing else was.
        assert.deepEqual(
          problems.filter((problem) => !/Content[ -]Security[ -]Policy/i.test(problem)),
          []
        )
      }
    ],
    [
      'quitting with unfinished transfers asks, and ends cleanly',
      async () => {
        await page.evaluate('fdfs.send({ id: 1e9, name: "settings.set", input: { uploadLimitBytes: 100000 } })')
        await desktop.choose([file('large.bin', Buffer.alloc(6_000_000))])
        await desktop.menu('Upload Files…')
        await page.getByTestId('upload-sheet').waitFor(PATIENCE)
        await page.keyboard.press('Enter')
        await expect.poll(() => desktop.isAwake(), PATIENCE).toBe(true)
        await desktop.answer(1)
        await desktop.closeFirstWindow()
        await expect.poll(() => desktop.asked(), PATIENCE).toContain('One transfer is not finished')
        assert.equal((await desktop.pages()).length, 1)
        await desktop.answer(0)
        await desktop.closeFirstWindow()
        await desktop.ended()
      }
    ]
  ]
}
