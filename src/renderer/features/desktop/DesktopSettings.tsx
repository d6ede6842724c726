import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { Field, Switch } from '../../components/index.ts'

/** How the program behaves among the others of this computer. Native windows only. */
export function DesktopSettings({ settings, onSave }: { settings: Settings; onSave: (patch: Partial<Settings>) => void }) {
  const { t } = useTranslation('desktop')
  return (
    <>
      <Field inline label={t('settings.background')} hint={t('settings.backgroundHint')}>
        <Switch checked={settings.background} onChange={(background) => onSave({ background })} />
      </Field>
      <Field inline label={t('settings.notify')} hint={t('settings.notifyHint')}>
        <Switch checked={settings.notify} onChange={(notify) => onSave({ notify })} />
      </Field>
      <Field inline label={t('settings.autoUpdate')} hint={t('settings.autoUpdateHint')}>
        <Switch checked={settings.autoUpdate} onChange={(autoUpdate) => onSave({ autoUpdate })} />
      </Field>
    </>
  )
}
