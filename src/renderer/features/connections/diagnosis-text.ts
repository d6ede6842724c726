import i18next from 'i18next'
import type { Diagnosis } from '../../../shared/model.ts'
import { describeError } from '../../../shared/error-texts.ts'
import type { Language } from '../../i18n/index.ts'

/** The result of a connection test as text, for a mail or a ticket. */
export function diagnosisText(diagnosis: Diagnosis, language: Language): string {
  const t = i18next.getFixedT(language, 'connections')
  const lines = [diagnosis.ok ? t('test.good') : t('test.bad')]
  if (diagnosis.groups.length > 0) lines.push(t('test.groups', { groups: diagnosis.groups.join(', ') }))
  for (const step of diagnosis.steps) {
    const note = step.note === '' ? '' : ` (${step.note})`
    lines.push('', `${step.ok ? '✓' : '✗'} ${t(`step.${step.target}`)} ${step.address}: ${t('test.ms', { ms: step.ms })}${note}`)
    if (step.error !== null) {
      const { what, next } = describeError(step.error, language)
      lines.push(`  ${what} ${next}`, `  [${step.error.message}]`)
    }
  }
  return lines.join('\n')
}
