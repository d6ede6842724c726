import { useTranslation } from 'react-i18next'
import { Field, NumberField } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Range } from './megabytes.ts'
import { problemOf } from './megabytes.ts'
import { useDraft } from './use-draft.ts'

/** A number that is saved as soon as it is right. */
export function NumberSetting({
  label,
  hint,
  value,
  range,
  step,
  unit,
  onSave
}: {
  label: string
  hint?: string
  value: number
  range: Range
  step?: number
  unit?: string
  onSave: (value: number) => void
}) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const { draft, setDraft, flush } = useDraft<number | null>(
    value,
    (next) => problemOf(next, range) === null,
    (next) => onSave(next as number)
  )
  const problem = problemOf(draft, range)
  const error =
    problem === null
      ? undefined
      : problem === 'required'
        ? t('problem.required')
        : t('problem.range', { min: range.min, max: format.number(range.max) })
  return (
    <div onBlur={flush}>
      <Field inline label={label} hint={hint} error={error}>
        <NumberField value={draft} onChange={setDraft} min={range.min} max={range.max} step={step} unit={unit} />
      </Field>
    </div>
  )
}
