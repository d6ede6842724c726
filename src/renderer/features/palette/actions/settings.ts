import { Settings } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useInfo } from '../../../app/app-info.ts'
import { requestIn } from '../../../app/view-request.ts'
import { settingNames } from '../../settings/names.ts'
import type { Action } from '../action.ts'

/** Each setting by its name: shows the settings with that name looked for. */
export function useSettingActions(): Action[] {
  const { t } = useTranslation(['palette', 'settings', 'library', 'trail', 'desktop'])
  const native = useInfo((info) => info.host.kind === 'electron')
  return settingNames(t, native).map((label) => ({
    id: `setting-${label}`,
    label,
    section: t('section.settings'),
    icon: Settings,
    typedOnly: true,
    run: () => requestIn('settings', `find:${label}`)
  }))
}
