import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { GridRow } from '../../../shared/model.ts'
import { cx } from '../../components/index.ts'
import { valueProblem } from '../files/metadata-draft.ts'
import type { RowEdits } from './model.ts'

export const ROW_HEIGHT = 28
export const NAME_WIDTH = 260

interface RowProps {
  row: GridRow
  index: number
  top: number
  keys: readonly string[]
  edits: RowEdits | undefined
  /** Selected columns of this row; -1 = none. */
  left: number
  right: number
  cursor: number
  /** The fill handle stands at the lower right corner of the range. */
  handle: boolean
}

/** One file: its name, and a cell per key. Drawn anew only when something of it changes. */
export const GridTableRow = memo(function GridTableRow({ row, index, top, keys, edits, left, right, cursor, handle }: RowProps) {
  const { t } = useTranslation('grid')
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="absolute inset-x-0 flex"
      style={{ top, height: ROW_HEIGHT }}
      data-testid="grid-row"
    >
      <div
        role="rowheader"
        data-row={index}
        title={`${row.name}\n${row.fileId}`}
        className={cx(
          'sticky left-0 z-10 flex shrink-0 items-center gap-2 border-r border-b border-line pr-2 pl-3',
          left >= 0 ? 'bg-active' : 'bg-bg'
        )}
        style={{ width: NAME_WIDTH }}
      >
        <span className="min-w-0 flex-1 truncate">{row.name}</span>
        {edits === undefined ? null : <span className="size-1.5 shrink-0 rounded-full bg-accent" title={t('cell.changedRow')} />}
      </div>
      {keys.map((key, column) => {
        const edited = edits?.has(key) === true
        const own = row.metadata && Object.hasOwn(row.metadata, key) ? row.metadata[key] : undefined
        const value = edited ? edits.get(key) : own
        const problem = edited && typeof value === 'string' ? valueProblem(value) : null
        const selected = column >= left && column <= right
        return (
          <div
            key={key}
            role="gridcell"
            id={`cell-${index}-${column}`}
            data-row={index}
            data-column={column}
            aria-colindex={column + 2}
            aria-selected={selected}
            className={cx(
              'relative shrink-0 truncate border-r border-b border-line px-2 leading-7',
              selected && cursor !== column ? 'bg-selection' : edited ? 'bg-accent-soft' : 'bg-surface',
              cursor === column && 'outline-2 -outline-offset-2 outline-accent',
              problem !== null && 'text-danger'
            )}
            style={{ width: `var(--c${column})` }}
            title={edited ? t('cell.was', { value: own ?? t('cell.none') }) : undefined}
          >
            {row.metadata === null && !edited ? (
              <span className="text-faint">…</span>
            ) : value === null ? (
              <del className="text-faint">{own}</del>
            ) : value === '' ? (
              <span className="text-faint italic">{t('cell.empty')}</span>
            ) : (
              value
            )}
            {handle && column === right ? (
              <span
                data-handle="true"
                data-testid="fill-handle"
                className="absolute right-0 bottom-0 z-5 size-2 cursor-ns-resize border border-surface bg-accent"
              />
            ) : null}
          </div>
        )
      })}
    </div>
  )
})
