/**
 * What users do with the program and the desktop around it, step by step, on one data folder. The same steps run in the packed
 * program with a stand-in runtime (test/pack/windows.ts) and in real Electron where that can be had (test/e2e/electron.test.ts).
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import type { CallName, Pipe } from '../../src/shared/contract.ts'

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

/** In the page: what it is given under addresses of previews. `name`: of a file in the library. */
const PREVIEWS = async (name: string): Promise<Record<string, [number, string]>> => {
  const { fdfs } = globalThis as unknown as { fdfs: Pipe }
  const ask = (call: string, input: unknown) =>
    new Promise<{ rows: { id: number; name: string; fileId: string }[] }>((done) => {
      const id = 900_000_000 + Math.floor(Math.random() * 1_000_000)
      const stop = fdfs.onMessage((message) => {
        if (!('id' in message) || message.id !== id || !('ok' in message)) return
        stop()
        done(message.ok as never)
      })
      fdfs.send({ id, name: call as CallName, input })
    })
  const { rows } = await ask('files.open', { query: {}, sort: { key: 'name', descending: false } })
  const row = rows.find((each) => each.name === name)
  const file = encodeURIComponent(row?.fileId ?? '')
  const own = `preview/${row?.id}?file=${file}`
  const get = async (url: string, range?: string): Promise<[number, string]> => {
    const response = await fetch(url, { cache: 'no-store', ...(range === undefined ? {} : { headers: { range } }) })
    return [response.status, response.status < 400 ? await response.text() : '']
  }
  const answers: Record<string, [number, string]> = { whole: await get(own) }
  for (const range of ['bytes=7-10', 'bytes=-7', 'bytes=23-', 'bytes=99999999999999-']) answers[range] = await get(own, range)
  answers['of another file'] = await get(`preview/${row?.id}?file=group1%2FM00%2F00%2F00%2Fx.txt`)
  answers['of another number'] = await get(`preview/999999?file=${file}`)
  answers['of a number that is none'] = await get(`preview/-1?file=${file}`)
  answers['above the page'] = await get(`preview/../../package.json?file=${file}`)
  answers['above the page, encoded'] = await get(`preview/%2e%2e%2f%2e%2e%2fpackage.json?file=${file}`)
  answers['on the disk'] = await get(`preview//etc/passwd?file=${file}`)
  return answers
}

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
        await expect(page.getByTestId('upload-summary')).toContainText('1 file', PATIENCE)
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
        await expect(page.getByTestId('upload-summary')).toContainText('1 file', PATIENCE)
        await page.keyboard.press('Escape')
        await expect(page.getByTestId('upload-sheet')).toBeHidden(PATIENCE)
      }
    ],
    [
      'a link shows its file, and a link of a stranger changes nothing',
      async () => {
        const id = 'group1/M00/00/00/wKgBaGRJ0gKAd2p2AAAABnMuJDY123.txt'
        for (const hostile of [
          'fastdfs-desktop://upload?path=/etc/passwd',
          `fastdfs-desktop://open?id=${id}&name=${'a'.repeat(1_048_576)}`,
          `fastdfs-desktop://open?id=${id}\n--data=/tmp`,
          `fastdfs-desktop://open/../../etc?id=${id}`,
          `javascript:fastdfs-desktop://open?id=${id}`,
          'file:///etc/passwd',
          `https://evil.example/?id=${id}`
        ]) {
          await desktop.followLink(hostile)
        }
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
      'previews come whole and in ranges, and their address gives nothing that the library does not know',
      async () => {
        const answers = (await page.evaluate(PREVIEWS, OPENED)) as Record<string, [number, string]>
        assert.deepEqual(answers, {
          whole: [200, 'opened with the program'],
          'bytes=7-10': [206, 'with'],
          'bytes=-7': [206, 'program'],
          'bytes=23-': [416, ''],
          'bytes=99999999999999-': [416, ''],
          'of another file': [404, ''],
          'of another number': [404, ''],
          'of a number that is none': [404, ''],
          'above the page': [404, ''],
          'above the page, encoded': [404, ''],
          'on the disk': [404, '']
        })
        // The refusals are told to the console.
        problems.splice(0, problems.length, ...problems.filter((problem) => !/status of (404|416)/.test(problem)))
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
