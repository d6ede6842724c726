import { ArrowDown, ArrowUp } from 'lucide-react'
import type { PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { MenuEntry } from '../../components/index.ts'
import { ContextMenu, cx } from '../../components/index.ts'
import type { Column } from './columns.ts'
import { COLUMNS, columnWidth, resetColumns, setColumnWidth, showColumn, useColumns, visibleColumns } from './columns.ts'
import { useFiles, useFilesActions } from './context.tsx'

/** The edge of a column: drag it, or use the arrow keys on it. */
function Resizer({ column }: { column: Column }) {
  const { t } = useTranslation('files')
  const width = useColumns((state) => columnWidth(column, state))
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    event.preventDefault()
    event.stopPropagation()
    const handle = event.currentTarget
    const start = event.clientX
    const move = (moved: globalThis.PointerEvent): void => setColumnWidth(column, width + moved.clientX - start)
    handle.setPointerCapture(event.pointerId)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true })
  }
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t('table.resize', { column: t(`column.${column.id}`) })}
      aria-valuenow={width}
      aria-valuemin={column.min}
      aria-valuemax={1600}
      onPointerDown={drag}
      onMouseDown={(event) => event.stopPropagation()}
      onDoubleClick={() => setColumnWidth(column, column.width)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
        event.preventDefault()
        setColumnWidth(column, width + (event.key === 'ArrowRight' ? 16 : -16))
      }}
      className="group/edge absolute top-0 -right-1.5 bottom-0 z-10 flex w-3 cursor-col-resize justify-center outline-none"
    >
      <span className="my-1.5 w-px bg-line group-hover/edge:bg-accent group-focus-visible/edge:w-0.5 group-focus-visible/edge:bg-accent" />
    </div>
  )
}

export function FileTableHeader({ columns, minWidth }: { columns: readonly Column[]; minWidth: number }) {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const sort = useFiles((state) => state.sort)
  const state = useColumns()
  const shown = new Set(visibleColumns(state).map((column) => column.id))
  const menu: MenuEntry[] = [
    { type: 'label', label: t('table.columns') },
    ...COLUMNS.filter((column) => column.id !== 'name').map((column): MenuEntry => ({
      type: 'check',
      label: t(`column.${column.id}`),
      checked: shown.has(column.id),
      onChange: (checked) => showColumn(column.id, checked)
    })),
    { type: 'separator' },
    { label: t('table.resetColumns'), onSelect: resetColumns }
  ]
  return (
    <ContextMenu items={menu} className="sticky top-0 z-20">
      <div role="rowgroup" style={{ minWidth }}>
        <div role="row" aria-rowindex={1} className="grid h-7.5 grid-cols-(--columns) border-b border-line bg-surface text-sm text-muted">
          {columns.map((column, index) => {
            const { sort: key } = column
            const active = key !== undefined && sort.key === key
            const label = t(`column.${column.id}`)
            return (
              <div
                key={column.id}
                role="columnheader"
                aria-colindex={index + 1}
                aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : key === undefined ? undefined : 'none'}
                className="relative flex min-w-0 items-center"
              >
                {key === undefined ? (
                  <span className="truncate px-3">{label}</span>
                ) : (
                  <button
                    type="button"
                    onClick={() => actions.sortBy(key)}
                    className={cx(
                      'flex h-full min-w-0 flex-1 items-center gap-1 px-3 -outline-offset-2 transition-colors hover:text-text',
                      column.end === true && 'justify-end',
                      active && 'font-medium text-text'
                    )}
                  >
                    <span className="truncate">{label}</span>
                    {active ? (
                      sort.descending ? (
                        <ArrowDown size={12} className="shrink-0" aria-hidden="true" />
                      ) : (
                        <ArrowUp size={12} className="shrink-0" aria-hidden="true" />
                      )
                    ) : null}
                  </button>
                )}
                <Resizer column={column} />
              </div>
            )
          })}
        </div>
      </div>
    </ContextMenu>
  )
}
