import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { Field, Segmented, Select } from '../../components/index.ts'
import { setDensity, useViewOptions } from '../files/index.ts'
import { saveSettings } from './save.ts'

export function ThemeSetting({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
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
  )
}

/** More contrast than the system asks for; never less. */
export function ContrastSetting({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <span className="text-base font-medium text-text">{t('appearance.contrast')}</span>
      <Segmented
        label={t('appearance.contrast')}
        value={settings.contrast}
        onChange={(contrast) => saveSettings({ contrast })}
        options={[
          { value: 'system', label: t('appearance.system') },
          { value: 'high', label: t('appearance.high') }
        ]}
      />
    </div>
  )
}

/** Of this computer's windows: how much fits is a question of the screen. */
export function DensitySetting() {
  const { t } = useTranslation('settings')
  const density = useViewOptions((state) => state.density)
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="flex flex-col">
        <span className="text-base font-medium text-text">{t('appearance.density')}</span>
        <span className="text-sm text-muted">{t('appearance.densityHint')}</span>
      </div>
      <Segmented
        label={t('appearance.density')}
        value={density}
        onChange={setDensity}
        options={[
          { value: 'comfortable', label: t('appearance.comfortable') },
          { value: 'compact', label: t('appearance.compact') }
        ]}
      />
    </div>
  )
}

/** Found by either name: who needs it may not read the language of the window. */
const WORDS = 'Language English 语言 简体中文'

export function LanguageSetting({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <div data-search={WORDS}>
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
    </div>
  )
}
