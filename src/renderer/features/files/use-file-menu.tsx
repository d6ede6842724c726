import {
  Copy,
  Download,
  Eye,
  FileArchive,
  FileCheck2,
  FolderInput,
  Images,
  Info,
  MousePointer2,
  Table2,
  Pencil,
  Star,
  Tags,
  Trash2,
  X
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MenuEntry } from '../../components/index.ts'
import type { Commands } from './use-commands.ts'

/** How a selection can be copied. */
export function useCopyEntries({ any, copy, copyAs }: Commands): MenuEntry[] {
  const { t } = useTranslation('files')
  return [
    { label: t('copy.id'), shortcut: 'Mod+C', disabled: !any, onSelect: () => copy('id') },
    { label: t('copy.url'), disabled: !any, onSelect: () => copy('url') },
    { label: t('copy.markdown'), disabled: !any, onSelect: () => copy('markdown') },
    { label: t('copy.html'), disabled: !any, onSelect: () => copy('html') },
    { type: 'separator' },
    { label: t('copy.as'), disabled: !any, onSelect: copyAs }
  ]
}

/** The context menu of selected files. */
export function useFileMenu(commands: Commands): MenuEntry[] {
  const { t } = useTranslation(['files', 'grid'])
  const copies = useCopyEntries(commands)
  const { any, single, writable } = commands
  const icon = { size: 14, 'aria-hidden': true } as const
  return [
    { label: t('command.preview'), icon: <Eye {...icon} />, shortcut: 'Space', disabled: !any, onSelect: commands.preview },
    { label: t('command.inspect'), icon: <Info {...icon} />, shortcut: 'Alt+Enter', disabled: !any, onSelect: commands.inspect },
    { type: 'separator' },
    { label: t('command.download'), icon: <Download {...icon} />, disabled: !any, onSelect: commands.download },
    { label: t('command.zip'), icon: <FileArchive {...icon} />, disabled: !any, onSelect: commands.zip },
    ...(commands.dragOut === null
      ? []
      : [{ label: t('dragOut.command'), icon: <MousePointer2 {...icon} />, disabled: !any, onSelect: commands.dragOut }]),
    { type: 'menu', label: t('command.copy'), icon: <Copy {...icon} />, disabled: !any, items: copies },
    { type: 'separator' },
    { label: t('command.rename'), icon: <Pencil {...icon} />, shortcut: 'F2', disabled: !single, onSelect: commands.rename },
    { label: t('grid:open'), icon: <Table2 {...icon} />, disabled: !any, onSelect: commands.editMetadata },
    { label: t('command.favourite'), icon: <Star {...icon} />, shortcut: 'Alt+S', disabled: !any, onSelect: commands.favourite },
    { label: t('command.tag'), icon: <Tags {...icon} />, shortcut: 'Alt+T', disabled: !any, onSelect: commands.tag },
    ...(commands.appenders && writable ? [{ label: t('command.finish'), icon: <FileCheck2 {...icon} />, onSelect: commands.finish }] : []),
    {
      label: t('thumbnails.command'),
      icon: <Images {...icon} />,
      disabled: !any || !writable,
      onSelect: commands.thumbnails
    },
    { label: t('command.move'), icon: <FolderInput {...icon} />, disabled: !any, onSelect: commands.move },
    { type: 'separator' },
    { label: t('command.forget'), icon: <X {...icon} />, disabled: !any, onSelect: commands.forget },
    {
      label: t('command.delete'),
      icon: <Trash2 {...icon} />,
      shortcut: 'Delete',
      danger: true,
      disabled: !any || !writable,
      onSelect: commands.remove
    }
  ]
}
