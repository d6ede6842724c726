import { FileOutput } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { call } from '../../api/client.ts'
import { Button, toast, toastError } from '../../components/index.ts'
import { NumberSetting } from './NumberSetting.tsx'
import { saveSettings } from './save.ts'

/** The log of what this computer did to which file: how long it is kept, and the way out of it. */
export function Activity({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  const [busy, setBusy] = useState(false)
  const save = (): void => {
    setBusy(true)
    call('audit.export', {})
      .then((result) => {
        if (result.tag === 'saved') toast({ kind: 'success', title: t('activity.exported'), text: result.path })
      })
      .catch(toastError)
      .finally(() => setBusy(false))
  }
  return (
    <>
      <NumberSetting
        label={t('activity.keep')}
        hint={t('activity.keepHint')}
        value={settings.auditMonths}
        range={{ min: 1, max: 120 }}
        unit={t('unit.months')}
        onSave={(auditMonths) => saveSettings({ auditMonths })}
      />
      <Button className="self-start" busy={busy} icon={<FileOutput size={15} aria-hidden="true" />} onClick={save}>
        {t('activity.export')}
      </Button>
    </>
  )
}
