import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { useInfo } from '../../app/app-info.ts'
import { Field, Segmented, Select, Switch, ViewHeader } from '../../components/index.ts'
import { AlertSettings } from '../cluster/AlertSettings.tsx'
import { DesktopSettings } from '../desktop/DesktopSettings.tsx'
import { About } from './About.tsx'
import { Activity } from './Activity.tsx'
import { FolderSetting } from './FolderSetting.tsx'
import { LimitSetting } from './LimitSetting.tsx'
import { fromMegabytes, toMegabytes } from './megabytes.ts'
import { NumberSetting } from './NumberSetting.tsx'
import { saveSettings } from './save.ts'

function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <div>
        <h2 className="m-0 text-lg font-semibold text-text">{title}</h2>
        {text === undefined ? null : <p className="m-0 text-base text-muted">{text}</p>}
      </div>
      <div className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-4">{children}</div>
    </section>
  )
}

function Appearance({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <Section title={t('appearance.title')}>
      <Field inline label={t('appearance.language')}>
        <Select
          className="w-44"
          value={settings.language}
          onChange={(language) => saveSettings({ language })}
          testId="setting-language"
          options={[
            { value: 'system', label: t('appearance.system') },
            // In their own language, so that they are found by who needs them.
            { value: 'en', label: 'English' },
            { value: 'zh-CN', label: '简体中文' }
          ]}
        />
      </Field>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <span className="text-base font-medium text-text">{t('appearance.theme')}</span>
        <Segmented
          label={t('appearance.theme')}
          value={settings.theme}
          onChange={(theme) => saveSettings({ theme })}
          options={[
            { value: 'system', label: t('appearance.system') },
            { value: 'light', label: t('appearance.light') },
            { value: 'dark', label: t('appearance.dark') }
          ]}
        />
      </div>
    </Section>
  )
}

function Transfers({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <Section title={t('transfers.title')}>
      <NumberSetting
        label={t('transfers.concurrency')}
        hint={t('transfers.concurrencyHint')}
        value={settings.concurrency}
        range={{ min: 1, max: 32 }}
        onSave={(value) => saveSettings({ concurrency: Math.round(value) })}
      />
      <NumberSetting
        label={t('transfers.attempts')}
        hint={t('transfers.attemptsHint')}
        value={settings.maxAttempts}
        range={{ min: 1, max: 50 }}
        onSave={(value) => saveSettings({ maxAttempts: Math.round(value) })}
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
    </Section>
  )
}

function Uploads({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <Section title={t('uploads.title')}>
      <Field inline label={t('uploads.storeFileName')} hint={t('uploads.storeFileNameHint')}>
        <Switch checked={settings.storeFileName} onChange={(storeFileName) => saveSettings({ storeFileName })} />
      </Field>
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
      <Field
        inline
        label={t('uploads.finish')}
        hint={t(settings.finishAppender === 'safe' ? 'uploads.finishSafeHint' : 'uploads.finishNeverHint')}
      >
        <Switch checked={settings.finishAppender === 'safe'} onChange={(on) => saveSettings({ finishAppender: on ? 'safe' : 'never' })} />
      </Field>
    </Section>
  )
}

function Downloads({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <Section title={t('downloads.title')}>
      <FolderSetting />
      <Field inline label={t('downloads.conflict')} hint={t(`downloads.conflictHint.${settings.conflict}`)}>
        <Select
          className="w-44"
          value={settings.conflict}
          onChange={(conflict) => saveSettings({ conflict })}
          testId="setting-conflict"
          options={[
            { value: 'rename', label: t('downloads.rename') },
            { value: 'overwrite', label: t('downloads.overwrite') },
            { value: 'skip', label: t('downloads.skip') }
          ]}
        />
      </Field>
    </Section>
  )
}

function ClusterAlerts({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <Section title={t('alerts.title')}>
      <AlertSettings settings={settings} />
    </Section>
  )
}

export function SettingsView() {
  const { t } = useTranslation(['settings', 'desktop'])
  const native = useInfo((info) => info.host.kind === 'electron')
  const settings = useInfo((info) => info.settings)
  return (
    <section aria-label={t('title')} data-testid="settings-view" className="flex h-full min-h-0 flex-col">
      <ViewHeader title={t('title')} text={t('text')} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex w-full max-w-180 flex-col gap-6 p-5 pb-10">
          <Appearance settings={settings} />
          <Transfers settings={settings} />
          <Uploads settings={settings} />
          <Downloads settings={settings} />
          <ClusterAlerts settings={settings} />
          {native ? (
            <Section title={t('desktop:settings.title')}>
              <DesktopSettings settings={settings} onSave={saveSettings} />
            </Section>
          ) : null}
          <Section title={t('activity.title')} text={t('activity.text')}>
            <Activity settings={settings} />
          </Section>
          <Section title={t('about.title')}>
            <About />
          </Section>
        </div>
      </div>
    </section>
  )
}
