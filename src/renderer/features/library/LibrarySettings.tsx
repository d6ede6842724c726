import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { Button, Field, Switch } from '../../components/index.ts'
import { NumberSetting } from '../settings/NumberSetting.tsx'
import { saveSettings } from '../settings/save.ts'
import { Backups } from './Backups.tsx'
import { MergeDialog } from './MergeDialog.tsx'
import { exportLibrary } from './run-copies.ts'

/** Trash, copies, export and merge of the library. Every element directly inside is one setting of the search. */
export function LibrarySettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation('library')
  const [merging, setMerging] = useState(false)
  const [exporting, setExporting] = useState<'csv' | 'jsonl' | null>(null)
  const exportAll = (kind: 'csv' | 'jsonl'): void => {
    setExporting(kind)
    void exportLibrary(kind).finally(() => setExporting(null))
  }
  return (
    <>
      <NumberSetting
        label={t('trash.label')}
        hint={settings.trashDays === 0 ? t('trash.off') : t('trash.hint')}
        value={settings.trashDays}
        range={{ min: 0, max: 365 }}
        unit={t('trash.unit')}
        onSave={(value) => saveSettings({ trashDays: Math.round(value) })}
      />
      <Field inline label={t('images.label')} hint={t('images.hint')}>
        <Switch checked={settings.describeImages} onChange={(describeImages) => saveSettings({ describeImages })} />
      </Field>
      <NumberSetting
        label={t('backups.kept')}
        hint={settings.backupsKept === 0 ? t('backups.off') : t('backups.keptHint')}
        value={settings.backupsKept}
        range={{ min: 0, max: 100 }}
        onSave={(value) => saveSettings({ backupsKept: Math.round(value) })}
      />
      <Field inline label={t('backups.cluster')} hint={t('backups.clusterHint')}>
        <Switch checked={settings.backupToCluster} onChange={(backupToCluster) => saveSettings({ backupToCluster })} />
      </Field>
      <Backups />
      <Field inline label={t('export.label')} hint={t('export.hint')}>
        <div className="flex gap-2">
          <Button busy={exporting === 'csv'} disabled={exporting !== null} onClick={() => exportAll('csv')}>
            CSV
          </Button>
          <Button busy={exporting === 'jsonl'} disabled={exporting !== null} onClick={() => exportAll('jsonl')}>
            JSON Lines
          </Button>
        </div>
      </Field>
      <Field inline label={t('merge.label')} hint={t('merge.hint')}>
        <Button onClick={() => setMerging(true)}>{t('merge.open')}</Button>
      </Field>
      {merging ? <MergeDialog onClose={() => setMerging(false)} /> : null}
    </>
  )
}
