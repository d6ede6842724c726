import type { ReactNode } from 'react'
import { memo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileRow } from '../../../shared/model.ts'
import { Badge, cx, toastError } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Column, ColumnId } from './columns.ts'
import { useFilesActions } from './context.tsx'
import { FileIcon } from './file-types.tsx'

const ROW = 'absolute inset-x-0 top-0 grid h-8.5 grid-cols-(--columns) items-center'
const CELL = 'min-w-0 truncate px-3'

/** Stable, so that React calls it once: when the field appears. The ending stays as it is, as in every file manager. */
const focusName = (field: HTMLInputElement | null): void => {
  if (field === null) return
  field.focus()
  const dot = field.value.lastIndexOf('.')
  field.setSelectionRange(0, dot > 0 ? dot : field.value.length)
}

function NameEditor({ row }: { row: FileRow }) {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const settled = useRef(false)
  const finish = (name: string, field: HTMLInputElement): void => {
    if (settled.current) return
    settled.current = true
    if (name === '' || name === row.name) return actions.setRenaming(null)
    actions.rename(row.id, name).catch((error: unknown) => {
      toastError(error)
      settled.current = false
      field.focus()
    })
  }
  const toTable = (field: HTMLInputElement): void => field.closest<HTMLElement>('[role=grid]')?.focus()
  return (
    <input
      ref={focusName}
      aria-label={t('table.renameLabel', { name: row.name })}
      defaultValue={row.name}
      spellCheck={false}
      onKeyDown={(event) => {
        event.stopPropagation()
        const field = event.currentTarget
        if (event.key === 'Enter') {
          finish(field.value.trim(), field)
          toTable(field)
        }
        if (event.key === 'Escape') {
          settled.current = true
          actions.setRenaming(null)
          toTable(field)
        }
      }}
      onBlur={(event) => finish(event.currentTarget.value.trim(), event.currentTarget)}
      className="h-6 min-w-0 flex-1 rounded-sm border border-accent bg-surface px-1.5 text-base text-text outline-none select-text"
    />
  )
}

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
