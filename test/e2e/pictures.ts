/**
 * `npm run pictures`: every view of the window in English and Chinese, light and dark. The pictures of the tour go to docs/images, all of
 * them, smaller, to docs/review: whoever changes what the window looks like makes them anew and looks at the differences.
 * The built program is used: run `npm run build` first.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import type { Browser } from '@playwright/test'
import { HostProcess } from './support/app.ts'
import type { Locale, Stage } from './support/scenes.ts'
import { FIRST_SCENES, furnish, leave, openStage, SCENES } from './support/scenes.ts'

const { values } = parseArgs({ options: { only: { type: 'string' }, out: { type: 'string', default: 'docs' } } })
const IMAGES = resolve(values.out, 'images')
const REVIEW = resolve(values.out, 'review')
/** Named in docs/tour.md and README.md; those of the other kind are for review only. */
const TOUR = new Set<string>()
for (const file of ['docs/tour.md', 'README.md'])
  for (const [, name] of (await readFile(file, 'utf8')).matchAll(/images\/([\w-]+)\.png/g)) if (name !== undefined) TOUR.add(name)

async function photograph(browser: Browser, locale: Locale, colorScheme: 'light' | 'dark'): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'fdfs-pictures-'))
  const host = new HostProcess(join(work, 'data'))
  await mkdir(join(work, 'data'))
  await host.start()
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, locale, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const take = async (stage: Stage, scene: (typeof SCENES)[number]): Promise<void> => {
    await scene.show(stage)
    // What a journey does by the way (messages, the pointer) is not what is shown.
    await page.mouse.move(1359, 859)
    await page.evaluate(() => document.querySelector<HTMLElement>('[data-testid=toasts]')?.style.setProperty('display', 'none'))
    await page.waitForTimeout(450)
    if (values.only === undefined || values.only === scene.name) {
      const suffix = locale === 'en' && colorScheme === 'light' ? '' : `-${locale === 'en' ? 'en' : 'zh'}-${colorScheme}`
      if (TOUR.has(`${scene.name}${suffix}`)) await page.screenshot({ path: join(IMAGES, `${scene.name}${suffix}.png`) })
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 55 })
      await writeFile(join(REVIEW, `${scene.name}-${locale}-${colorScheme}.webp`), Buffer.from(data, 'base64'))
    }
    await leave(stage)
  }
  try {
    const stage = await openStage(page, host, locale)
    for (const scene of FIRST_SCENES) await take(stage, scene)
    await furnish(stage, work)
    for (const scene of SCENES) await take(stage, scene)
    stage.link.close()
  } finally {
    await context.close()
    await host.stop()
    await rm(work, { recursive: true, force: true })
  }
}

const executablePath = process.env['CHROMIUM_PATH'] ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path))
const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] })
try {
  await mkdir(IMAGES, { recursive: true })
  await mkdir(REVIEW, { recursive: true })
  for (const locale of ['en', 'zh-CN'] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      await photograph(browser, locale, colorScheme)
      console.log(`${locale}, ${colorScheme}: done`)
    }
  await writeFile(join(REVIEW, 'README.md'), index())
} finally {
  await browser.close()
}

/** All of them on one page, the four of a view side by side. */
function index(): string {
  const names = [...FIRST_SCENES, ...SCENES].map(({ name }) => name)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    '# Every view, for review',
    '',
    'Made by `npm run pictures`. Look at what changed before it is committed.',
    '',
    line(['', 'English, light', 'English, dark', 'Chinese, light', 'Chinese, dark']),
    line(['---', '---', '---', '---', '---']),
    ...names.map((name) =>
      line([name, ...['en-light', 'en-dark', 'zh-CN-light', 'zh-CN-dark'].map((kind) => `![${name}](${name}-${kind}.webp)`)])
    ),
    ''
  ].join('\n')
}
