import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './support/app.ts'
import { brokenByLongTexts } from './support/layout.ts'
import { FIRST_SCENES, furnish, leave, openStage, SCENES } from './support/scenes.ts'
import { User } from './support/user.ts'

const VIEWS = ['files', 'transfers', 'cluster', 'connections', 'trash', 'settings'] as const

for (const locale of ['en-US', 'zh-CN'] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme })

      test('every view, empty and with a file, has no serious accessibility violation and no error in the console', async ({
        app,
        host
      }) => {
        const problems: string[] = []
        app.on('console', (message) => {
          if (message.type() === 'error') problems.push(message.text())
        })
        app.on('response', (response) => {
          if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`)
        })
        app.on('pageerror', (error) => problems.push(error.message))
        const user = new User(app)
        const check = async (name: string): Promise<void> => {
          const { violations } = await new AxeBuilder({ page: app }).analyze()
          const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
          expect(
            serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
            `${name} ${locale} ${colorScheme}`
          ).toEqual([])
        }
        await expect(app.getByTestId('nav-files')).toHaveText(locale === 'zh-CN' ? '文件' : 'Files')
        for (const view of VIEWS) {
          await user.goTo(view)
          await expect(app.getByTestId(`nav-${view}`)).toHaveAttribute('aria-current', 'page')
          await app.waitForLoadState('networkidle')
          await check(`${view} (empty)`)
        }
        await user.goTo('files')
        const data = await app.evaluateHandle(() => {
          const transfer = new DataTransfer()
          transfer.items.add(new File(['x'.repeat(4000)], '样品.png', { type: 'image/png' }))
          return transfer
        })
        for (const type of ['dragenter', 'dragover', 'drop']) await app.getByRole('main').dispatchEvent(type, { dataTransfer: data })
        await expect(app.getByTestId('upload-sheet')).toBeVisible()
        await check('upload sheet')
        await app.keyboard.press('Enter')
        await user.row('样品.png').click()
        await expect(app.getByTestId('inspector-file-id')).toBeVisible()
        await check('files with a selection')
        await user.goTo('transfers')
        await expect(app.getByTestId('transfer-batch')).toHaveCount(1)
        await check('transfers')
        expect(problems).toEqual([])
        expect(host.output).not.toContain('Error')
      })
    })
  }
}

// Both languages and both themes; the other two pairs of them are above. It takes minutes: EVERY_VIEW=1 asks for it.
for (const [locale, colorScheme] of [
  ['en', 'light'],
  ['zh-CN', 'dark']
] as const) {
  test.describe(`${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('every view and dialog with something in it: no serious accessibility violation, and room for longer texts', async ({
      page,
      host,
      folder
    }) => {
      test.skip(process.env['EVERY_VIEW'] === undefined, 'takes minutes')
      test.setTimeout(400_000)
      const stage = await openStage(page, host, locale)
      const problems: string[] = []
      const look = async (scenes: typeof SCENES): Promise<void> => {
        for (const { name, show } of scenes) {
          await show(stage)
          const { violations } = await new AxeBuilder({ page }).analyze()
          for (const { id, impact, nodes } of violations)
            if (impact === 'serious' || impact === 'critical') problems.push(`${name}: ${id} ${nodes[0]?.html}`)
          for (const problem of await brokenByLongTexts(page)) problems.push(`${name}: ${problem}`)
          await leave(stage)
        }
      }
      await look(FIRST_SCENES)
      await furnish(stage, folder)
      await look(SCENES)
      stage.link.close()
      expect(problems).toEqual([])
    })
  })
}
