import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { Field, Switch } from '../../components/index.ts'
import { NumberSetting } from './NumberSetting.tsx'
import { saveSettings } from './save.ts'

/** Suggested when the user wants to decide. */
const FIRST = 4

/** How many transfers at once: found out by measuring, or fixed. */
export function ConcurrencySetting({ value }: { value: Settings['concurrency'] }) {
  const { t } = useTranslation('settings')
  return (
    <>
      <Field inline label={t('transfers.auto')} hint={t('transfers.autoHint')}>
        <Switch checked={value === 'auto'} onChange={(auto) => saveSettings({ concurrency: auto ? 'auto' : FIRST })} />
      </Field>
      {value === 'auto' ? null : (
        <NumberSetting
          label={t('transfers.concurrency')}
          hint={t('transfers.concurrencyHint')}
          value={value}
          range={{ min: 1, max: 32 }}
          onSave={(next) => saveSettings({ concurrency: Math.round(next) })}
        />
      )}
    </>
  )
}
