import i18next from 'i18next'
import type { Diagnosis, DiagnosisStep } from '../../../shared/model.ts'
import { describeError } from '../../../shared/error-texts.ts'
import type { Language } from '../../i18n/index.ts'

/** partly: the cluster answers, but some server of it cannot be reached from here. */
export function verdictOf(diagnosis: Diagnosis): 'good' | 'partly' | 'bad' {
  return diagnosis.ok ? 'good' : diagnosis.groups.length > 0 ? 'partly' : 'bad'
}

/**
 * What is worth knowing about a hop beside its result. The program's note is English; for other readers what needs no
 * translation is taken from it: the addresses behind a name, the group of a storage.
 */
export function noteOf(step: DiagnosisStep, groups: readonly string[], language: Language): string {
  if (step.target === 'groups') return ''
  if (language === 'en') return step.note
  if (step.target === 'storage') return groups.find((group) => step.note === group || step.note.startsWith(`${group},`)) ?? ''
  return step.target === 'address' && /^[\d.:,a-f\s]+$/i.test(step.note) ? step.note : ''
}

/** The result of a connection test as text, for a mail or a ticket. */
export function diagnosisText(diagnosis: Diagnosis, language: Language): string {
  const t = i18next.getFixedT(language, 'connections')
  const lines = [t(`test.${verdictOf(diagnosis)}`)]
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
