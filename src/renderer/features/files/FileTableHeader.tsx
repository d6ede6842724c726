import { ArrowDown, ArrowUp } from 'lucide-react'
import type { DragEvent, KeyboardEvent, PointerEvent } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MenuEntry } from '../../components/index.ts'
import { ContextMenu, cx } from '../../components/index.ts'
import { call } from '../../api/client.ts'
import type { BaseColumnId, Column, ColumnId } from './columns.ts'
import {
  COLUMNS,
  columnWidth,
  metadataKey,
  moveColumn,
  resetColumns,
  setColumnWidth,
  shiftColumn,
  showColumn,
  useColumns
} from './columns.ts'
import { useFiles, useFilesActions } from './context.tsx'

/** The edge of a column: drag it, or use the arrow keys on it. */
function Resizer({ column, label }: { column: Column; label: string }) {
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
      aria-label={t('table.resize', { column: label })}
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

/** The column that is being dragged; one at a time. */
let dragged: ColumnId | null = null
const DRAG_TYPE = 'application/x-fdfs-column'

function HeaderCell({ column, index, onPoint }: { column: Column; index: number; onPoint: (id: ColumnId) => void }) {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const sort = useFiles((state) => state.sort)
  const [over, setOver] = useState(false)
  const { sort: key } = column
  const active = key !== undefined && sort.key === key
  const label = metadataKey(column.id) ?? t(`column.${column.id as BaseColumnId}`)
  const drop = {
    onDragOver: (event: DragEvent) => {
      if (dragged === null || dragged === column.id || !event.dataTransfer.types.includes(DRAG_TYPE)) return
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false)
      if (dragged === null) return
      event.preventDefault()
      moveColumn(dragged, column.id)
    }
  }
  const drag = {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      dragged = column.id
      event.dataTransfer.setData(DRAG_TYPE, column.id)
      event.dataTransfer.effectAllowed = 'move'
    },
    onDragEnd: () => {
      dragged = null
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || !event.shiftKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return
    event.preventDefault()
    shiftColumn(column.id, event.key === 'ArrowLeft' ? -1 : 1)
  }
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its button has the focus
    <div
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : key === undefined ? undefined : 'none'}
      {...drop}
      onContextMenu={() => onPoint(column.id)}
      className={cx('relative flex min-w-0 items-center', over && 'shadow-[inset_2px_0_0_var(--accent)]')}
    >
      {key === undefined ? (
        <span className="flex-1 truncate px-3" {...drag}>
          {label}
        </span>
      ) : (
        <button
          type="button"
          onClick={() => actions.sortBy(key)}
          onKeyDown={onKeyDown}
          onFocus={() => onPoint(column.id)}
          aria-keyshortcuts="Alt+Shift+ArrowLeft Alt+Shift+ArrowRight"
          {...drag}
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
      <Resizer column={column} label={label} />
    </div>
  )
}

export function FileTableHeader({ columns, minWidth }: { columns: readonly Column[]; minWidth: number }) {
  const { t } = useTranslation('files')
  const state = useColumns()
  const [pointed, setPointed] = useState<ColumnId | null>(null)
  const [keys, setKeys] = useState<readonly string[]>([])
  const shown = new Set(columns.map((column) => column.id))
  const check = (id: ColumnId, label: string): MenuEntry => ({
    type: 'check',
    label,
    checked: shown.has(id),
    onChange: (checked) => showColumn(id, checked)
  })
  // Those that are shown stay in the menu when no file has them any more.
  const metadata = [...new Set([...keys, ...Object.keys(state.shown).flatMap((id) => metadataKey(id as ColumnId) ?? [])])]
  const menu: MenuEntry[] = [
    { type: 'label', label: t('table.columns') },
    ...COLUMNS.filter((column) => column.id !== 'name').map((column) => check(column.id, t(`column.${column.id}`))),
    ...(metadata.length === 0
      ? []
      : [{ type: 'menu' as const, label: t('table.metadataColumns'), items: metadata.map((key) => check(`meta:${key}`, key)) }]),
    { type: 'separator' },
    {
      label: t('table.moveLeft'),
      shortcut: 'Alt+Shift+←',
      disabled: pointed === null,
      onSelect: () => pointed && shiftColumn(pointed, -1)
    },
    {
      label: t('table.moveRight'),
      shortcut: 'Alt+Shift+→',
      disabled: pointed === null,
      onSelect: () => pointed && shiftColumn(pointed, 1)
    },
    { type: 'separator' },
    { label: t('table.resetColumns'), onSelect: resetColumns }
  ]
  return (
    <ContextMenu
      items={menu}
      className="sticky top-0 z-20"
      onOpenChange={(open) => {
        // Without them the menu has the other columns.
        if (open)
          call('order.suggestions', {}).then(
            ({ metadataKeys }) => setKeys(metadataKeys.slice(0, 40)),
            () => undefined
          )
      }}
    >
      <div role="rowgroup" style={{ minWidth }}>
        <div role="row" aria-rowindex={1} className="grid h-7.5 grid-cols-(--columns) border-b border-line bg-surface text-sm text-muted">
          {columns.map((column, index) => (
            <HeaderCell key={column.id} column={column} index={index} onPoint={setPointed} />
          ))}
        </div>
      </div>
    </ContextMenu>
  )
}
