import { ArrowDownUp, Bookmark, Database, Files, Folder, Network, Plug, Settings, Tag, Trash2 } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FileQuery, FileSort } from '../../../../shared/model.ts'
import type { ViewName } from '../../../app/navigation.ts'
import { navigate, VIEWS } from '../../../app/navigation.ts'
import { VIEW_KEYS } from '../../../app/view-keys.ts'
import { useFiles, useFilesActions } from '../../files/index.ts'
import { LIBRARY_VIEWS } from '../../files/order/library-views.ts'
import type { Action } from '../action.ts'

const VIEW_ICONS: Record<ViewName, LucideIcon> = {
  files: Files,
  transfers: ArrowDownUp,
  cluster: Network,
  connections: Plug,
  trash: Trash2,
  settings: Settings
}

/** Every place to go to: the views of the window, and those of the library. */
export function usePlaceActions(): Action[] {
  const { t } = useTranslation(['palette', 'common', 'order', 'files'])
  const actions = useFilesActions()
  const folders = useFiles((state) => state.folders)
  const groups = useFiles((state) => state.groups)
  const tags = useFiles((state) => state.tags)
  const searches = useFiles((state) => state.searches)
  const list: Action[] = VIEWS.map((view) => ({
    id: `go-${view}`,
    label: t(`common:nav.${view}`),
    section: t('section.go'),
    icon: VIEW_ICONS[view],
    shortcut: VIEW_KEYS[view],
    ...(view === 'settings' ? { also: t('also.settings') } : {}),
    run: () => navigate(view)
  }))
  const show = (
    id: string,
    label: string,
    section: string,
    icon: LucideIcon,
    query: FileQuery,
    look: { title?: string; sort?: FileSort } = {}
  ): void => {
    const run = (): void => {
      actions.setQuery(query, look)
      navigate('files')
    }
    list.push({ id, label, section, icon, typedOnly: true, run })
  }
  for (const { id, icon, query, sort } of LIBRARY_VIEWS) {
    const title = t(`order:view.${id}`)
    show(`library-${id}`, title, t('order:section.views'), icon, query, sort === undefined ? { title } : { title, sort })
  }
  for (const { id, name, query, sort } of searches)
    show(`search-${id}`, name, t('order:section.searches'), Bookmark, query, sort === null ? { title: name } : { title: name, sort })
  // Looked up once: there may be thousands of each.
  const sections = { folders: t('files:nav.folders'), tags: t('order:section.tags'), groups: t('files:nav.groups') }
  for (const { path } of folders) if (path !== '') show(`folder-${path}`, path, sections.folders, Folder, { folder: path })
  for (const { name } of tags) show(`tag-${name}`, name, sections.tags, Tag, { tag: name }, { title: name })
  for (const { group } of groups) show(`group-${group}`, group, sections.groups, Database, { group })
  return list
}
