import {
  Check,
  Clipboard,
  DatabaseZap,
  FilePlus2,
  FolderSync,
  FolderUp,
  LayoutGrid,
  List,
  PanelRight,
  RefreshCw,
  Upload
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MenuEntry } from '../../components/index.ts'
import { Button, IconButton, Menu, Tooltip, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles, useFilesActions } from './context.tsx'
import { SearchBox } from './search/SearchBox.tsx'
import { useCommands } from './use-commands.ts'
import { setDensity, setLayout, useViewOptions } from './view-options.ts'

function Title() {
  const { t } = useTranslation('files')
  const format = useFormat()
  const folder = useFiles((state) => state.query.folder)
  const group = useFiles((state) => state.query.group)
  const named = useFiles((state) => state.title)
  const total = useFiles((state) => state.total)
  const ready = useFiles((state) => state.status === 'ready')
  const exact = useFiles((state) => state.exact)
  const title = folder !== undefined && folder !== '' ? folder.slice(folder.lastIndexOf('/') + 1) : (named ?? group ?? t('title.all'))
  return (
    <div className="flex min-w-36 flex-auto items-baseline gap-2.5 @max-[36rem]:basis-full">
      <h1 className="m-0 max-w-56 min-w-0 truncate @max-[36rem]:max-w-none text-lg font-semibold">{title}</h1>
      <span className="tabular shrink-0 text-sm text-muted" data-testid="file-count">
        {ready ? t(exact ? 'title.count' : 'title.atLeast', { count: total, number: format.number(total) }) : ''}
      </span>
    </div>
  )
}

/** Table or pictures, roomy or dense. */
function useViewEntries(): MenuEntry[] {
  const { t } = useTranslation('files')
  const { layout, density } = useViewOptions()
  const entry = (label: string, chosen: boolean, onSelect: () => void): MenuEntry => ({
    label,
    icon: chosen ? <Check size={14} className="text-accent" aria-hidden="true" /> : null,
    onSelect
  })
  return [
    entry(t('view.table'), layout === 'table', () => setLayout('table')),
    entry(t('view.grid'), layout === 'grid', () => setLayout('grid')),
    { type: 'separator' },
    entry(t('view.comfortable'), density === 'comfortable', () => setDensity('comfortable')),
    entry(t('view.compact'), density === 'compact', () => setDensity('compact'))
  ]
}

export function Toolbar() {
  const { t } = useTranslation('files')
  const view = useViewEntries()
  const layout = useViewOptions((state) => state.layout)
  const actions = useFilesActions()
  const commands = useCommands()
  const refreshing = useFiles((state) => state.refreshing)
  const inspector = useFiles((state) => state.inspector)
  return (
    <header className="@container shrink-0">
      {/* Where there is little room the title has a line of its own, and the search what the buttons leave. */}
      <div className="flex h-13 items-center gap-2 px-3 @max-[36rem]:h-auto @max-[36rem]:flex-wrap @max-[36rem]:py-2">
        <Title />
        <SearchBox />
        <IconButton
          label={t('command.refresh')}
          shortcut="F5"
          icon={<RefreshCw size={15} className={cx(refreshing && 'animate-spin')} aria-hidden="true" />}
          onClick={actions.refresh}
        />
        <Menu
          align="end"
          items={view}
          trigger={
            <IconButton
              label={t('view.label')}
              data-testid="view-options"
              icon={layout === 'grid' ? <LayoutGrid size={16} aria-hidden="true" /> : <List size={17} aria-hidden="true" />}
            />
          }
        />
        <IconButton
          label={inspector ? t('command.hideInspector') : t('command.showInspector')}
          aria-pressed={inspector}
          {...(inspector ? { tone: 'text-accent' } : {})}
          icon={<PanelRight size={16} aria-hidden="true" />}
          onClick={() => actions.setInspector(!inspector)}
        />
        <Tooltip text={t('command.pasteHint')}>
          <Button icon={<Clipboard size={15} aria-hidden="true" />} onClick={commands.paste}>
            <span className="@max-[42rem]:sr-only">{t('command.paste')}</span>
          </Button>
        </Tooltip>
        <Menu
          align="end"
          items={[
            { label: t('upload.files'), icon: <FilePlus2 size={14} aria-hidden="true" />, onSelect: () => commands.upload(false) },
            { label: t('upload.folder'), icon: <FolderUp size={14} aria-hidden="true" />, onSelect: () => commands.upload(true) },
            { label: t('watch.command'), icon: <FolderSync size={14} aria-hidden="true" />, onSelect: commands.watch },
            { type: 'separator' },
            { label: t('upload.existing'), icon: <DatabaseZap size={14} aria-hidden="true" />, onSelect: commands.importFiles }
          ]}
          trigger={
            <Button
              variant="primary"
              disabled={!commands.writable}
              title={commands.writable ? undefined : t('readOnly')}
              icon={<Upload size={15} aria-hidden="true" />}
            >
              <span className="@max-[34rem]:sr-only">{t('command.upload')}</span>
            </Button>
          }
        />
      </div>
    </header>
  )
}
