import { Languages, LayoutGrid, List, Moon, PanelRight, Rows3, Sun, SunMoon } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../../shared/contract.ts'
import { useInfo } from '../../../app/app-info.ts'
import { navigate } from '../../../app/navigation.ts'
import { setDensity, setLayout, useFiles, useFilesActions, useViewOptions } from '../../files/index.ts'
import { saveSettings } from '../../settings/save.ts'
import type { Action } from '../action.ts'

/** How the window looks. */
export function useLookActions(): Action[] {
  const { t } = useTranslation(['palette', 'files'])
  const actions = useFilesActions()
  const inspector = useFiles((state) => state.inspector)
  const settings = useInfo((info) => info.settings)
  const { layout, density } = useViewOptions()
  const list: Action[] = []
  const add = (id: string, label: string, icon: LucideIcon, run: () => void): void => {
    list.push({ id, label, icon, section: t('section.view'), also: t('also.look'), run })
  }
  const show = (next: 'table' | 'grid') => (): void => {
    navigate('files')
    setLayout(next)
  }
  const change = (patch: Partial<Settings>) => (): void => saveSettings(patch)
  add('inspector', inspector ? t('files:command.hideInspector') : t('files:command.showInspector'), PanelRight, () =>
    actions.setInspector(!inspector)
  )
  if (layout === 'table') add('grid', t('action.grid'), LayoutGrid, show('grid'))
  else add('table', t('action.table'), List, show('table'))
  if (density === 'comfortable') add('compact', t('action.compact'), Rows3, () => setDensity('compact'))
  else add('comfortable', t('action.comfortable'), Rows3, () => setDensity('comfortable'))
  if (settings.theme !== 'light') add('light', t('action.light'), Sun, change({ theme: 'light' }))
  if (settings.theme !== 'dark') add('dark', t('action.dark'), Moon, change({ theme: 'dark' }))
  if (settings.theme !== 'system') add('system', t('action.system'), SunMoon, change({ theme: 'system' }))
  // In their own language, so that they are found by who needs them.
  add('english', 'Language: English', Languages, change({ language: 'en' }))
  add('chinese', '语言：简体中文', Languages, change({ language: 'zh-CN' }))
  return list
}
