import i18next from 'i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { I18nextProvider } from 'react-i18next'
import { expect, it } from 'vitest'
import { Affected } from '../../../../src/renderer/features/trash/Affected.tsx'
import { loadTexts } from '../texts.ts'

function told(days: number): string {
  const affected = { slaveIds: [], slaveNames: [], complete: true, linkBases: ['http://files.example.com'] }
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18next}>
      <Affected affected={affected} days={days} withSlaves={false} onWithSlaves={() => {}} />
    </I18nextProvider>
  )
}

it('says how long links go on working, with the trash and without', async () => {
  await loadTexts('en')
  expect(told(7)).toContain('Links keep working for 7 days, then end: http://files.example.com')
  expect(told(1)).toContain('Links keep working for 1 day, then end')
  expect(told(0)).toContain('Links stop working now: http://files.example.com')
  await loadTexts('zh-CN')
  expect(told(7)).toContain('7 天')
  expect(told(0)).toContain('立即失效')
})
