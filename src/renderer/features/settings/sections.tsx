import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import type { AppInfo } from '../../../shared/contract.ts'
import { AlertSettings } from '../cluster/AlertSettings.tsx'
import { DesktopSettings } from '../desktop/DesktopSettings.tsx'
import { LibrarySettings } from '../library/LibrarySettings.tsx'
import { About } from './About.tsx'
import { Activity } from './Activity.tsx'
import { ContrastSetting, DensitySetting, LanguageSetting, ThemeSetting } from './AppearanceSettings.tsx'
import { saveSettings } from './save.ts'
import { ThumbnailSettings } from './ThumbnailSettings.tsx'
import { DownloadSettings, TransferSettings, UploadSettings } from './TransferSettings.tsx'

export interface Section {
  /** Stable; names the section for the list at the side. */
  id: string
  title: string
  text?: string
  /** Every setting is one element directly inside (fragments are looked through): that is what the search shows or hides. */
  content: ReactNode
}

/**
 * What the settings show, in order. A new section is a component of its feature and an entry here; nothing has to be registered
 * for the search.
 */
export function sectionsOf(t: TFunction<['settings', 'desktop', 'library']>, { settings, host }: AppInfo): Section[] {
  const sections: (Section | null)[] = [
    {
      id: 'appearance',
      title: t('appearance.title'),
      content: (
        <>
          <ThemeSetting settings={settings} />
          <ContrastSetting settings={settings} />
          <DensitySetting />
        </>
      )
    },
    { id: 'language', title: t('appearance.language'), content: <LanguageSetting settings={settings} /> },
    { id: 'transfers', title: t('transfers.title'), content: <TransferSettings settings={settings} /> },
    { id: 'downloads', title: t('downloads.title'), content: <DownloadSettings settings={settings} /> },
    {
      id: 'uploads',
      title: t('uploads.title'),
      content: (
        <>
          <UploadSettings settings={settings} />
          <ThumbnailSettings settings={settings} />
        </>
      )
    },
    { id: 'library', title: t('library:title'), content: <LibrarySettings settings={settings} /> },
    { id: 'cluster', title: t('alerts.title'), content: <AlertSettings settings={settings} /> },
    host.kind === 'electron'
      ? { id: 'desktop', title: t('desktop:settings.title'), content: <DesktopSettings settings={settings} onSave={saveSettings} /> }
      : null,
    { id: 'logs', title: t('activity.title'), text: t('activity.text'), content: <Activity settings={settings} /> },
    { id: 'about', title: t('about.title'), content: <About /> }
  ]
  return sections.filter((section) => section !== null)
}
