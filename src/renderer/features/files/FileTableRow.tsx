import type { ReactNode } from 'react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileRow } from '../../../shared/model.ts'
import { Badge, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Column, ColumnId } from './columns.ts'
import { FileIcon } from './file-types.tsx'
import { NameEditor } from './NameEditor.tsx'

const ROW = 'absolute inset-x-0 top-0 grid h-(--row) grid-cols-(--columns) items-center'
const CELL = 'min-w-0 truncate px-3'

interface RowProps {
  row: FileRow
  index: number
  top: number
  columns: readonly Column[]
  selected: boolean
  cursor: boolean
  renaming: boolean
}

export const FileTableRow = memo(function FileTableRow({ row, index, top, columns, selected, cursor, renaming }: RowProps) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const cell = (id: ColumnId): ReactNode => {
    switch (id) {
      case 'name':
        return (
          <span className="flex min-w-0 items-center gap-2.5">
            <FileIcon ext={row.ext} className="shrink-0 text-muted" />
            {renaming ? <NameEditor row={row} /> : <span className="truncate text-text">{row.name}</span>}
            {row.kind === 'normal' || renaming ? null : <Badge>{t(`kind.${row.kind}`)}</Badge>}
            {row.state === 'present' || renaming ? null : (
              <Badge tone={row.state === 'syncing' ? 'accent' : row.state === 'missing' ? 'warning' : 'danger'}>
                {t(`state.${row.state}`)}
              </Badge>
            )}
          </span>
        )
      case 'fileId':
        return <span className="font-mono text-sm text-muted">{row.fileId}</span>
      case 'group':
        return row.group
      case 'sizeBytes':
        return row.sizeBytes === null ? '–' : format.bytes(row.sizeBytes)
      case 'ext':
        return <span className="uppercase">{row.ext === '' ? '–' : row.ext}</span>
      case 'createdAt':
        return format.dateTime(row.createdAt)
      case 'folder':
        return row.folder === '' ? '–' : row.folder
      case 'metadata':
        return Object.entries(row.metadata ?? {})
          .map(([key, value]) => `${key}: ${value}`)
          .join(' · ')
    }
  }
  return (
    <div
      role="row"
      id={`file-row-${index}`}
      data-index={index}
      data-testid="file-row"
      data-file-id={row.fileId}
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)` }}
      className={cx(
        ROW,
        'border-b border-line/60 text-base text-muted',
        selected ? 'bg-selection-idle group-focus-within/grid:bg-selection' : 'hover:bg-hover/60',
        row.state === 'deleted' && 'opacity-60',
        cursor && 'group-focus/grid:group-data-keys/grid:outline-2 group-focus/grid:group-data-keys/grid:-outline-offset-2 outline-accent'
      )}
    >
      {columns.map((column, at) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 1}
          className={cx(CELL, column.end === true && 'text-right', (column.id === 'sizeBytes' || column.id === 'createdAt') && 'tabular')}
        >
          {cell(column.id)}
        </div>
      ))}
    </div>
  )
})

/** A row that has not arrived yet. Widths differ by row, so that it looks like text. */
export function SkeletonRow({ index, top, columns }: { index: number; top: number; columns: readonly Column[] }) {
  const widths = ['w-3/5', 'w-2/5', 'w-1/2', 'w-3/4']
  return (
    <div
      role="row"
      id={`file-row-${index}`}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={false}
      aria-busy="true"
      style={{ transform: `translateY(${top}px)` }}
      className={cx(ROW, 'border-b border-line/60')}
    >
      {columns.map((column, at) => (
        // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- busy: there is nothing to name yet
        <div key={column.id} role="gridcell" aria-colindex={at + 1} className={CELL}>
          <span className={cx('block h-2.5 rounded-full bg-active', widths[(index + at) % widths.length])} />
        </div>
      ))}
    </div>
  )
}
