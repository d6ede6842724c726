import { Copy, Download, FileArchive, Table2, Trash2, X } from 'lucide-react'
import { Suspense, lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton, Menu } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles, useFilesActions } from './context.tsx'
import { selectedCount } from './selection.ts'
import { isFiltered } from './store.ts'
import { useCommands } from './use-commands.ts'
import { useCopyEntries } from './use-file-menu.tsx'

// Fetched when there is something to filter.
const FilterControls = lazy(async () => ({ default: (await import('./search/FilterControls.tsx')).FilterControls }))

/** Filters on the left, what can be done with the selection on the right. */
export function FilterBar() {
  const { t } = useTranslation(['files', 'grid'])
  const format = useFormat()
  const actions = useFilesActions()
  const commands = useCommands()
  const copies = useCopyEntries(commands)
  const filters = useFiles((state) => state.groups.length > 0 || isFiltered(state.query))
  const count = useFiles((state) => selectedCount(state.selection, state.total))
  const { any, writable } = commands
  return (
    <div className="@container shrink-0 border-y border-line">
      <div className="flex h-10 items-center gap-1 px-2">
        {filters ? (
          <Suspense fallback={<span className="flex-1" />}>
            <FilterControls />
          </Suspense>
        ) : (
          <span className="flex-1" />
        )}
        <div role="toolbar" aria-label={t('selection.actions')} className="flex shrink-0 items-center gap-0.5">
          {any ? (
            <>
              <span className="tabular mr-1 text-sm whitespace-nowrap text-muted @max-[26rem]:sr-only" data-testid="selected-count">
                {t('selection.count', { count, number: format.number(count) })}
              </span>
              <IconButton
                size="sm"
                label={t('selection.clear')}
                shortcut="Escape"
                icon={<X size={14} aria-hidden="true" />}
                onClick={actions.clearSelection}
              />
              <span className="mx-1.5 h-4 w-px bg-line" />
            </>
          ) : null}
          <IconButton
            label={t('command.download')}
            disabled={!any}
            icon={<Download size={16} aria-hidden="true" />}
            onClick={commands.download}
          />
          <IconButton label={t('command.zip')} disabled={!any} icon={<FileArchive size={16} aria-hidden="true" />} onClick={commands.zip} />
          <IconButton
            label={t('grid:open')}
            data-testid="open-grid"
            icon={<Table2 size={16} aria-hidden="true" />}
            onClick={commands.editMetadata}
          />
          <Menu
            align="end"
            items={copies}
            trigger={<IconButton label={t('command.copy')} disabled={!any} icon={<Copy size={16} aria-hidden="true" />} />}
          />
          <IconButton
            label={writable ? t('command.delete') : t('readOnly')}
            shortcut="Delete"
            disabled={!any || !writable}
            tone="text-muted hover:text-danger"
            icon={<Trash2 size={16} aria-hidden="true" />}
            onClick={commands.remove}
          />
        </div>
      </div>
    </div>
  )
}
