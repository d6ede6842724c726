import { useTranslation } from 'react-i18next'
import { ENVIRONMENTS, PROFILE_COLORS } from '../../../shared/contract.ts'
import { Field, Select } from '../../components/index.ts'
import type { ProfileForm } from './form.ts'

/** What tells this connection from others at a glance. */
export function AppearanceFields({ form, onChange }: { form: ProfileForm; onChange: (part: Partial<ProfileForm>) => void }) {
  const { t } = useTranslation(['connections', 'common'])
  return (
    <>
      <Field inline label={t('field.environment')} hint={t('field.environmentHint')}>
        <Select
          testId="connection-environment"
          className="w-44"
          value={form.environment}
          onChange={(environment) => onChange({ environment })}
          options={ENVIRONMENTS.map((value) => ({ value, label: t(`common:environment.${value}`) }))}
        />
      </Field>
      <Field inline label={t('field.color')} hint={t('field.colorHint')}>
        <Select
          testId="connection-color"
          className="w-44"
          value={form.color}
          onChange={(color) => onChange({ color })}
          options={PROFILE_COLORS.map((value) => ({ value, label: t(`color.${value}`) }))}
        />
      </Field>
    </>
  )
}
