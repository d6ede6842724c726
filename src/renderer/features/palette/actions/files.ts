import {
  CircleCheckBig,
  Clipboard,
  Copy,
  DatabaseZap,
  Download,
  Eye,
  FileArchive,
  FilePlus2,
  FolderInput,
  FolderPlus,
  FolderSync,
  FolderUp,
  Images,
  Info,
  ListChecks,
  Pencil,
  RefreshCw,
  Save,
  Search,
  Star,
  Table2,
  Tag,
  Tags,
  Trash2,
  X
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { navigate } from '../../../app/navigation.ts'
import { openDialog } from '../../files/dialogs.ts'
import { useCommands, useFiles, useFilesActions } from '../../files/index.ts'
import { isFiltered } from '../../files/store.ts'
import type { Action } from '../action.ts'

/** Everything that can be done with files. Dialogs and selection of the library live in its view: it is shown first. */
export function useFileActions(): Action[] {
  const { t } = useTranslation(['palette', 'files', 'grid', 'order', 'search'])
  const commands = useCommands()
  const actions = useFilesActions()
  const total = useFiles((state) => state.total)
  const query = useFiles((state) => state.query)
  const sort = useFiles((state) => state.sort)
  const list: Action[] = []
  const add = (id: string, label: string, icon: LucideIcon, run: () => void, more: Pick<Action, 'shortcut' | 'also'> = {}): void => {
    list.push({
      id,
      label,
      icon,
      section: t('section.files'),
      ...more,
      run() {
        navigate('files')
        run()
      }
    })
  }
  const { any, single, writable } = commands
  if (any) {
    add('preview', t('files:command.preview'), Eye, commands.preview, { shortcut: 'Space' })
    add('copy-id', t('action.copyIds'), Copy, () => commands.copy('id'), { shortcut: 'Mod+C' })
    add('copy-url', t('action.copyLinks'), Copy, () => commands.copy('url'), { also: t('also.links') })
    add('copy-markdown', t('action.copyMarkdown'), Copy, () => commands.copy('markdown'))
    add('copy-html', t('action.copyHtml'), Copy, () => commands.copy('html'))
    add('copy-as', t('action.copyAs'), Copy, commands.copyAs, { also: t('also.copyAs') })
    add('download', t('files:command.download'), Download, commands.download, { also: t('also.download') })
    add('zip', t('files:command.zip'), FileArchive, commands.zip, { also: t('also.zip') })
    add('inspect', t('files:command.inspect'), Info, commands.inspect, { shortcut: 'Alt+Enter' })
    if (single) add('rename', t('files:command.rename'), Pencil, commands.rename, { shortcut: 'F2' })
    add('favourite', t('files:command.favourite'), Star, commands.favourite, { shortcut: 'Alt+S' })
    add('tag', t('files:command.tag'), Tags, commands.tag, { shortcut: 'Alt+T' })
    if (writable) add('thumbnails', t('files:thumbnails.command'), Images, commands.thumbnails)
    add('move', t('files:command.move'), FolderInput, commands.move)
    if (commands.appenders && writable) add('finish', t('files:command.finish'), CircleCheckBig, commands.finish)
    add('forget', t('files:command.forget'), X, commands.forget)
    if (writable) add('delete', t('action.delete'), Trash2, commands.remove, { shortcut: 'Delete', also: t('also.delete') })
    add('clear', t('files:selection.clear'), X, actions.clearSelection, { shortcut: 'Escape' })
  }
  if (writable) {
    add('upload-files', t('action.uploadFiles'), FilePlus2, () => commands.upload(false), { shortcut: 'Mod+O', also: t('also.upload') })
    add('upload-folder', t('action.uploadFolder'), FolderUp, () => commands.upload(true), {
      shortcut: 'Mod+Shift+O',
      also: t('also.upload')
    })
  }
  if (writable) add('watch', t('files:watch.command'), FolderSync, commands.watch)
  add('paste', t('action.paste'), Clipboard, commands.paste, { also: t('also.paste') })
  if (total > 0) add('edit-metadata', t('grid:open'), Table2, commands.editMetadata, { also: t('also.metadata') })
  const existing = (way: 'server' | 'binlog' | 'list') => (): void => openDialog({ type: 'import', way, text: '' })
  add('import', t('action.importServer'), DatabaseZap, existing('server'), { also: t('files:upload.existing') })
  add('import-binlog', t('action.importBinlog'), DatabaseZap, existing('binlog'), { also: t('files:upload.existing') })
  add('import-list', t('action.importList'), DatabaseZap, existing('list'), { also: t('files:upload.existing') })
  add('new-folder', t('action.newFolder'), FolderPlus, () => openDialog({ type: 'newFolder', parent: query.folder ?? '' }))
  add('new-tag', t('action.newTag'), Tag, () => openDialog({ type: 'tag', tag: null }))
  if (isFiltered(query)) {
    add('save-search', t('action.saveSearch'), Save, () => openDialog({ type: 'search', search: { name: '', query, sort } }))
    add('clear-search', t('action.clearSearch'), X, () => actions.setQuery({}))
  }
  if (total > 0) add('select-all', t('action.selectAll'), ListChecks, actions.selectAll, { shortcut: 'Mod+A' })
  add('search', t('action.search'), Search, focusSearch, { shortcut: 'Mod+F' })
  add('refresh', t('files:command.refresh'), RefreshCw, actions.refresh, { shortcut: 'F5' })
  return list
}

/** The view may have to appear first. */
function focusSearch(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-testid=file-search]')?.focus())
}
