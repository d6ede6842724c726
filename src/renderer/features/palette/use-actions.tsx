import {
  ArrowDownUp,
  CircleHelp,
  Clipboard,
  Copy,
  DatabaseZap,
  Download,
  Eye,
  FileArchive,
  FilePlus2,
  Files,
  FolderInput,
  FolderUp,
  Footprints,
  Info,
  Languages,
  LayoutGrid,
  List,
  ListChecks,
  Moon,
  Network,
  PanelRight,
  Pause,
  Pencil,
  Play,
  Plug,
  RefreshCw,
  RotateCcw,
  Rows3,
  Settings,
  Star,
  Sun,
  SunMoon,
  Tags,
  Table2,
  Trash2,
  X
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import type { ViewName } from '../../app/navigation.ts'
import { navigate } from '../../app/navigation.ts'
import { openOverlay } from '../../app/overlays.ts'
import { toastError } from '../../components/index.ts'
import type { Settings as SettingsData } from '../../../shared/contract.ts'
import { useCommands, useFiles, useFilesActions, setDensity, setLayout, useViewOptions } from '../files/index.ts'
import { usePriorityActions } from './priorities.ts'

export interface Action {
  id: string
  label: string
  /** What it belongs to; shown beside it. */
  section: string
  icon: LucideIcon
  shortcut?: string
  run(): void
}

const VIEW_ICONS: Record<ViewName, LucideIcon> = {
  files: Files,
  transfers: ArrowDownUp,
  cluster: Network,
  connections: Plug,
  trash: Trash2,
  settings: Settings
}

/** Everything that can be done now, in the order of its use. */
export function useActions(): Action[] {
  const { t } = useTranslation(['palette', 'common', 'files', 'settings', 'grid'])
  const commands = useCommands()
  const actions = useFilesActions()
  const inspector = useFiles((state) => state.inspector)
  const total = useFiles((state) => state.total)
  const profiles = useInfo((info) => info.profiles)
  const active = useInfo(activeProfile)
  const settings = useInfo((info) => info.settings)
  const { layout, density } = useViewOptions()
  const priorities = usePriorityActions(t('section.transfers'))
  const list: Action[] = []

  /** Dialogs and selection of the library live in its view. */
  const inLibrary = (run: () => void) => (): void => {
    navigate('files')
    run()
  }
  const file = (id: string, label: string, icon: LucideIcon, run: () => void, shortcut?: string): void => {
    list.push({ id, label, icon, section: t('section.files'), run: inLibrary(run), ...(shortcut === undefined ? {} : { shortcut }) })
  }
  const { any, single, writable } = commands
  if (any) {
    file('preview', t('files:command.preview'), Eye, commands.preview, 'Space')
    file('copy-id', t('action.copyIds'), Copy, () => commands.copy('id'), 'Mod+C')
    file('copy-url', t('action.copyLinks'), Copy, () => commands.copy('url'))
    file('copy-markdown', t('action.copyMarkdown'), Copy, () => commands.copy('markdown'))
    file('copy-html', t('action.copyHtml'), Copy, () => commands.copy('html'))
    file('copy-as', t('action.copyAs'), Copy, commands.copyAs)
    file('download', t('files:command.download'), Download, commands.download)
    file('zip', t('files:command.zip'), FileArchive, commands.zip)
    file('inspect', t('files:command.inspect'), Info, commands.inspect, 'Alt+Enter')
    if (single) file('rename', t('files:command.rename'), Pencil, commands.rename, 'F2')
    file('favourite', t('files:command.favourite'), Star, commands.favourite, 'Alt+S')
    file('tag', t('files:command.tag'), Tags, commands.tag, 'Alt+T')
    file('move', t('files:command.move'), FolderInput, commands.move)
    file('forget', t('files:command.forget'), X, commands.forget)
    if (writable) file('delete', t('action.delete'), Trash2, commands.remove, 'Delete')
    file('clear', t('files:selection.clear'), X, actions.clearSelection, 'Escape')
  }
  if (writable) {
    file('upload-files', t('action.uploadFiles'), FilePlus2, () => commands.upload(false))
    file('upload-folder', t('action.uploadFolder'), FolderUp, () => commands.upload(true))
  }
  file('paste', t('action.paste'), Clipboard, commands.paste)
  if (total > 0) file('edit-metadata', t('grid:open'), Table2, commands.editMetadata)
  file('import', t('files:upload.existing'), DatabaseZap, commands.importFiles)
  if (total > 0) file('select-all', t('action.selectAll'), ListChecks, actions.selectAll, 'Mod+A')
  file('refresh', t('files:command.refresh'), RefreshCw, actions.refresh, 'F5')

  for (const view of ['files', 'transfers', 'cluster', 'connections', 'trash', 'settings'] as const) {
    list.push({
      id: `go-${view}`,
      label: t(`common:nav.${view}`),
      section: t('section.go'),
      icon: VIEW_ICONS[view],
      run: () => navigate(view)
    })
  }

  const look = (id: string, label: string, icon: LucideIcon, run: () => void): void => {
    list.push({ id, label, icon, section: t('section.view'), run })
  }
  look('inspector', inspector ? t('files:command.hideInspector') : t('files:command.showInspector'), PanelRight, () =>
    actions.setInspector(!inspector)
  )
  if (layout === 'table')
    look(
      'grid',
      t('action.grid'),
      LayoutGrid,
      inLibrary(() => setLayout('grid'))
    )
  else
    look(
      'table',
      t('action.table'),
      List,
      inLibrary(() => setLayout('table'))
    )
  if (density === 'comfortable') look('compact', t('action.compact'), Rows3, () => setDensity('compact'))
  else look('comfortable', t('action.comfortable'), Rows3, () => setDensity('comfortable'))
  const change = (patch: Partial<SettingsData>) => (): void => void call('settings.set', patch).catch(toastError)
  if (settings.theme !== 'light') look('light', t('action.light'), Sun, change({ theme: 'light' }))
  if (settings.theme !== 'dark') look('dark', t('action.dark'), Moon, change({ theme: 'dark' }))
  if (settings.theme !== 'system') look('system', t('action.system'), SunMoon, change({ theme: 'system' }))
  // In their own language, so that they are found by who needs them.
  look('english', 'Language: English', Languages, change({ language: 'en' }))
  look('chinese', '语言：简体中文', Languages, change({ language: 'zh-CN' }))

  const control = (action: 'pause' | 'resume' | 'retry') => (): void => void call('transfers.control', { action }).catch(toastError)
  const transfers = t('section.transfers')
  list.push(
    { id: 'pause', label: t('action.pause'), section: transfers, icon: Pause, run: control('pause') },
    { id: 'resume', label: t('action.resume'), section: transfers, icon: Play, run: control('resume') },
    { id: 'retry', label: t('action.retry'), section: transfers, icon: RotateCcw, run: control('retry') },
    ...priorities
  )
  for (const profile of profiles) {
    if (profile.id === active?.id) continue
    const name = profile.builtIn ? t('common:connection.builtIn') : profile.name
    const run = (): void => void call('profiles.activate', { id: profile.id }).catch(toastError)
    list.push({ id: `use-${profile.id}`, label: t('action.connect', { name }), section: t('section.connections'), icon: Plug, run })
  }
  list.push({
    id: 'tour',
    label: t('action.tour'),
    section: t('section.help'),
    icon: Footprints,
    run: inLibrary(() => openOverlay('tour'))
  })
  list.push({
    id: 'shortcuts',
    label: t('shortcuts.title'),
    section: t('section.help'),
    icon: CircleHelp,
    shortcut: '?',
    run: () => openOverlay('shortcuts')
  })
  return list
}
