import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { Field, Select, Switch } from '../../components/index.ts'
import { ConcurrencySetting } from './ConcurrencySetting.tsx'
import { FolderSetting } from './FolderSetting.tsx'
import { HoursSetting } from './HoursSetting.tsx'
import { LimitSetting } from './LimitSetting.tsx'
import { fromMegabytes, toMegabytes } from './megabytes.ts'
import { NumberSetting } from './NumberSetting.tsx'
import { saveSettings } from './save.ts'

export function TransferSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <>
      <ConcurrencySetting value={settings.concurrency} />
      <NumberSetting
        label={t('transfers.attempts')}
        hint={t('transfers.attemptsHint')}
        value={settings.maxAttempts}
        range={{ min: 1, max: 50 }}
        onSave={(value) => saveSettings({ maxAttempts: Math.round(value) })}
      />
      <NumberSetting
        label={t('uploads.threshold')}
        hint={t('uploads.thresholdHint')}
        value={toMegabytes(settings.resumableThresholdBytes)}
        range={{ min: 0.25, max: 1_048_576 }}
        unit={t('unit.megabytes')}
        onSave={(value) => saveSettings({ resumableThresholdBytes: fromMegabytes(value) })}
      />
      <NumberSetting
        label={t('uploads.chunk')}
        hint={t('uploads.chunkHint')}
        value={toMegabytes(settings.chunkBytes)}
        range={{ min: 0.25, max: 256 }}
        unit={t('unit.megabytes')}
        onSave={(value) => saveSettings({ chunkBytes: fromMegabytes(value) })}
      />
      <LimitSetting
        label={t('transfers.limitUpload')}
        amountLabel={t('transfers.limitUploadTo')}
        bytes={settings.uploadLimitBytes}
        onSave={(uploadLimitBytes) => saveSettings({ uploadLimitBytes })}
      />
      <LimitSetting
        label={t('transfers.limitDownload')}
        amountLabel={t('transfers.limitDownloadTo')}
        bytes={settings.downloadLimitBytes}
        onSave={(downloadLimitBytes) => saveSettings({ downloadLimitBytes })}
      />
      <HoursSetting hours={settings.limitHours} />
    </>
  )
}

export function DownloadSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  const names = (['original', 'fileId'] as const).map((value) => ({ value, label: t(`downloads.names.${value}`) }))
  const conflicts = (['ask', 'rename', 'overwrite', 'skip'] as const).map((value) => ({ value, label: t(`downloads.${value}`) }))
  const allOf = (options: readonly { label: string }[]): string => options.map(({ label }) => label).join(' ')
  return (
    <>
      <FolderSetting />
      <div data-search={allOf(names)}>
        <Field inline label={t('downloads.naming')} hint={t(`downloads.namesHint.${settings.downloadNames}`)}>
          <Select
            className="w-44"
            value={settings.downloadNames}
            onChange={(downloadNames) => saveSettings({ downloadNames })}
            options={names}
          />
        </Field>
      </div>
      <div data-search={allOf(conflicts)}>
        <Field inline label={t('downloads.conflict')} hint={t(`downloads.conflictHint.${settings.conflict}`)}>
          <Select
            className="w-44"
            value={settings.conflict}
            onChange={(conflict) => saveSettings({ conflict })}
            testId="setting-conflict"
            options={conflicts}
          />
        </Field>
      </div>
    </>
  )
}

export function UploadSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <>
      <Field inline label={t('uploads.storeFileName')} hint={t('uploads.storeFileNameHint')}>
        <Switch checked={settings.storeFileName} onChange={(storeFileName) => saveSettings({ storeFileName })} />
      </Field>
      <Field inline label={t('uploads.duplicates')} hint={t('uploads.duplicatesHint')}>
        <Switch checked={settings.duplicates === 'skip'} onChange={(skip) => saveSettings({ duplicates: skip ? 'skip' : 'send' })} />
      </Field>
      <Field
        inline
        label={t('uploads.finish')}
        hint={t(settings.finishAppender === 'safe' ? 'uploads.finishSafeHint' : 'uploads.finishNeverHint')}
      >
        <Switch checked={settings.finishAppender === 'safe'} onChange={(on) => saveSettings({ finishAppender: on ? 'safe' : 'never' })} />
      </Field>
    </>
  )
}
