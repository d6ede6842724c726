import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { Field, Segmented, Select } from '../../components/index.ts'
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
