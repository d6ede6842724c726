import { Check, Clipboard, FilePlus2, FolderUp, LayoutGrid, List, PanelRight, RefreshCw, Search, Upload, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MenuEntry } from '../../components/index.ts'
import { Button, IconButton, Menu, TextField, Tooltip, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles, useFilesActions } from './context.tsx'
import { useCommands } from './use-commands.ts'
import { setDensity, setLayout, useViewOptions } from './view-options.ts'

const SEARCH_DELAY_MS = 180

/** Searches while typing, and at once on Enter. */
function SearchBox() {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const applied = useFiles((state) => state.query.text ?? '')
  const [text, setText] = useState(applied)
  const [known, setKnown] = useState(applied)
  const field = useRef<HTMLInputElement>(null)
  // The query was changed elsewhere (filters cleared, another folder).
  if (known !== applied) {
    setKnown(applied)
    if (text.trim() !== applied) setText(applied)
  }
  useEffect(() => {
    const wanted = text.trim()
    if (wanted === applied) return
    const timer = window.setTimeout(() => actions.patchQuery({ text: wanted }), SEARCH_DELAY_MS)
    return () => window.clearTimeout(timer)
  }, [text, applied, actions])
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f') return
      event.preventDefault()
      field.current?.select()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <TextField
      ref={field}
      type="text"
      role="searchbox"
      quiet
      aria-label={t('search.label')}
      placeholder={t('search.placeholder')}
      data-testid="file-search"
      value={text}
      onChange={setText}
      onKeyDown={(event) => {
        if (event.key === 'Enter') actions.patchQuery({ text: text.trim() })
        if (event.key === 'Escape') setText('')
      }}
      icon={<Search size={15} aria-hidden="true" />}
      end={
        text === '' ? undefined : (
          <IconButton size="sm" label={t('search.clear')} icon={<X size={14} aria-hidden="true" />} onClick={() => setText('')} />
        )
      }
      boxClassName="w-64 min-w-28 shrink @max-[34rem]:w-44"
    />
  )
}

function Title() {
  const { t } = useTranslation('files')
  const format = useFormat()
  const folder = useFiles((state) => state.query.folder)
  const group = useFiles((state) => state.query.group)
  const total = useFiles((state) => state.total)
  const ready = useFiles((state) => state.status === 'ready')
  const title = folder !== undefined && folder !== '' ? folder.slice(folder.lastIndexOf('/') + 1) : (group ?? t('title.all'))
  return (
    <div className="flex min-w-fit flex-1 items-baseline gap-2.5 @max-[34rem]:min-w-0">
      <h1 className="m-0 max-w-56 truncate text-lg font-semibold">{title}</h1>
      <span className="tabular shrink-0 text-sm text-muted @max-[30rem]:sr-only" data-testid="file-count">
        {ready ? t('title.count', { count: total, number: format.number(total) }) : ''}
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
      <div className="flex h-13 items-center gap-2 px-3">
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
            { label: t('upload.folder'), icon: <FolderUp size={14} aria-hidden="true" />, onSelect: () => commands.upload(true) }
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
