import { FileHeart, FileOutput, ScrollText } from 'lucide-react'
import { Suspense, lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { Button, Field } from '../../components/index.ts'
import { NumberSetting } from './NumberSetting.tsx'
import { saveReport } from './save-reports.ts'
import { saveSettings } from './save.ts'

const TrailDialog = lazy(async () => ({ default: (await import('../trail/index.ts')).TrailDialog }))

/** What is written down on this computer: how long it is kept, how to look at it, and what may leave it. */
export function Activity({ settings }: { settings: Settings }) {
  const { t } = useTranslation('trail')
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState<'activity' | 'diagnostics' | null>(null)
  const save = (what: 'activity' | 'diagnostics'): void => {
    setBusy(what)
    void saveReport(what).finally(() => setBusy(null))
  }
  return (
    <>
      <NumberSetting
        label={t('keep.label')}
        hint={t('keep.hint')}
        value={settings.auditMonths}
        range={{ min: 1, max: 120 }}
        unit={t('keep.unit')}
        onSave={(auditMonths) => saveSettings({ auditMonths })}
      />
      <div className="flex flex-wrap gap-2">
        <Button icon={<ScrollText size={15} aria-hidden="true" />} onClick={() => setOpen(true)}>
          {t('show')}
        </Button>
        <Button busy={busy === 'activity'} icon={<FileOutput size={15} aria-hidden="true" />} onClick={() => save('activity')}>
          {t('export')}
        </Button>
      </div>
      <Field inline label={t('diagnostics.label')} hint={t('diagnostics.hint')}>
        <Button busy={busy === 'diagnostics'} icon={<FileHeart size={15} aria-hidden="true" />} onClick={() => save('diagnostics')}>
          {t('diagnostics.save')}
        </Button>
      </Field>
      {open ? (
        <Suspense fallback={null}>
          <TrailDialog onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
