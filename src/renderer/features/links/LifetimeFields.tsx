import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Field, NumberField, Select } from '../../components/index.ts'
import type { LinkChoice } from './options.ts'
import { LIFETIME_CHOICES, LIFETIME_UNITS, MOST_OF } from './options.ts'

/** How long signed links work. */
export function LifetimeFields({ choice, onChange }: { choice: LinkChoice; onChange: (part: Partial<LinkChoice>) => void }) {
  const { t } = useTranslation('links')
  return (
    <>
      <Field label={t('lifetime.label')} inline>
        <Select
          testId="copy-as-lifetime"
          value={choice.lifetime}
          onChange={(lifetime) => onChange({ lifetime })}
          options={LIFETIME_CHOICES.map((value) => ({ value, label: t(`lifetime.${value}`) }))}
          className="w-44"
        />
      </Field>
      {choice.lifetime === 'custom' ? (
        <div className="flex items-center justify-end gap-2">
          <NumberField
            label={t('lifetime.amount')}
            value={choice.amount}
            onChange={(amount) => onChange({ amount: amount ?? 1 })}
            min={1}
            max={MOST_OF[choice.unit]}
          />
          <Select
            testId="copy-as-unit"
            value={choice.unit}
            onChange={(unit) => onChange({ unit, amount: Math.min(choice.amount, MOST_OF[unit]) })}
            options={LIFETIME_UNITS.map((value) => ({ value, label: t(`lifetime.unit.${value}`) }))}
            className="w-28"
          />
        </div>
      ) : null}
      {choice.lifetime === 'never' ? (
        <p className="m-0 flex gap-2 rounded-lg bg-warning-soft p-2.5 text-base text-text" role="note">
          <TriangleAlert size={15} className="mt-0.5 shrink-0 text-warning" aria-hidden="true" />
          {t('lifetime.neverWarning')}
        </p>
      ) : null}
    </>
  )
}
