import { ArrowLeft, FileDown, FileUp, History, LayoutTemplate, Plus, Redo2, Replace, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { Button, IconButton, Menu } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { exportCsv, importCsv } from './csv-files.ts'
import { openGridDialog, openKeyDialog, openReplace } from './dialogs.ts'
import { redo, undo, useGrid } from './session.ts'

export function GridToolbar({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('grid')
  const format = useFormat()
  const rows = useGrid((state) => state.grid.rows.length)
  const changed = useGrid((state) => state.grid.edits.size)
  const canUndo = useGrid((state) => state.canUndo)
  const canRedo = useGrid((state) => state.canRedo)
  const ready = useGrid((state) => state.status === 'ready' && state.writing === null)
  const writable = useInfo((info) => activeProfile(info)?.readOnly !== true)
  const icon = { size: 15, 'aria-hidden': true } as const
  return (
    <header className="@container shrink-0 border-b border-line">
      <div className="flex h-13 items-center gap-1.5 px-3">
        <IconButton label={t('close')} icon={<ArrowLeft {...icon} />} onClick={onClose} />
        <div className="mr-auto flex min-w-0 items-baseline gap-2">
          <h1 className="m-0 truncate text-lg font-semibold">{t('title')}</h1>
          <span className="tabular truncate text-sm text-muted" data-testid="grid-count">
            {t('files', { count: rows, number: format.number(rows) })}
          </span>
        </div>
        <IconButton label={t('undo')} shortcut="Mod+Z" disabled={!canUndo} icon={<Undo2 {...icon} />} onClick={undo} />
        <IconButton label={t('redo')} shortcut="Mod+Y" disabled={!canRedo} icon={<Redo2 {...icon} />} onClick={redo} />
        <span className="mx-1 h-4 w-px bg-line" />
        <Button variant="ghost" disabled={!ready} icon={<Plus {...icon} />} onClick={() => openKeyDialog({ type: 'add' })}>
          <span className="@max-[56rem]:sr-only">{t('key.add')}</span>
        </Button>
        <Button variant="ghost" disabled={!ready} icon={<Replace {...icon} />} onClick={openReplace}>
          <span className="@max-[56rem]:sr-only">{t('replace.open')}</span>
        </Button>
        <Button variant="ghost" disabled={!ready} icon={<LayoutTemplate {...icon} />} onClick={() => openGridDialog({ type: 'templates' })}>
          <span className="@max-[64rem]:sr-only">{t('templates.open')}</span>
        </Button>
        <Menu
          align="end"
          items={[
            { label: t('csv.export'), icon: <FileDown {...icon} size={14} />, onSelect: () => exportCsv(true, t('csv.saved')) },
            { label: t('csv.exportPlain'), icon: <FileDown {...icon} size={14} />, onSelect: () => exportCsv(false, t('csv.saved')) },
            { type: 'separator' },
            { label: t('csv.import'), icon: <FileUp {...icon} size={14} />, onSelect: importCsv }
          ]}
          trigger={
            <Button variant="ghost" disabled={!ready} data-testid="grid-csv">
              CSV
            </Button>
          }
        />
        <IconButton label={t('history.open')} icon={<History {...icon} />} onClick={() => openGridDialog({ type: 'history' })} />
        <Button
          variant="primary"
          disabled={!ready || changed === 0 || !writable}
          title={writable ? undefined : t('readOnly')}
          onClick={() => openGridDialog({ type: 'review' })}
          data-testid="grid-review"
        >
          {changed === 0 ? t('review.none') : t('review.open', { count: changed, number: format.number(changed) })}
        </Button>
      </div>
    </header>
  )
}
