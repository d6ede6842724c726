import type { ReactNode } from 'react'
import { memo } from 'react'
import { Star } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FileRow } from '../../../shared/model.ts'
import { Badge, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Column, ColumnId } from './columns.ts'
import { metadataKey } from './columns.ts'
import { useFilesActions } from './context.tsx'
import { FileName } from './FileName.tsx'
import { FileIcon } from './file-types.tsx'
import { NameEditor } from './NameEditor.tsx'
import { TagNames } from './TagNames.tsx'

const ROW = 'absolute inset-x-0 top-0 grid h-(--row) grid-cols-(--columns) items-center'
const CELL = 'min-w-0 truncate px-3'

/** The mark of a favourite; on other files it shows under the pointer. */
function FavouriteStar({ row }: { row: FileRow }) {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const label = row.favourite ? t('star.remove') : t('star.add')
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={label}
      aria-pressed={row.favourite}
      // Offered to the pointer only: the keyboard has Alt+S, and every row's name would end with it.
      aria-hidden={!row.favourite}
      onMouseDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={() => actions.setFavourite({ ids: [row.id] }, !row.favourite)}
      className={cx(
        'ml-auto flex size-6 shrink-0 items-center justify-center rounded text-mark-yellow',
        !row.favourite && 'opacity-0 group-hover/row:opacity-60'
      )}
    >
      <Star size={14} fill={row.favourite ? 'currentColor' : 'none'} aria-hidden="true" />
    </button>
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
  /** The first of files that have the same content. */
  first?: boolean | undefined
}

export const FileTableRow = memo(function FileTableRow({ row, index, top, columns, selected, cursor, renaming, first = false }: RowProps) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const cell = (id: ColumnId): ReactNode => {
    switch (id) {
      case 'name':
        return (
          <span className="flex min-w-0 items-center gap-2.5">
            <FileIcon ext={row.ext} className="shrink-0 text-muted" />
            {renaming ? (
              <NameEditor row={row} />
            ) : (
              <span className="min-w-0 text-text flex" draggable>
                <FileName name={row.name} />
              </span>
            )}
            {row.kind === 'normal' || renaming ? null : <Badge>{t(`kind.${row.kind}`)}</Badge>}
            {row.state === 'present' || renaming ? null : (
              <Badge tone={row.state === 'syncing' ? 'accent' : row.state === 'missing' ? 'warning' : 'danger'}>
                {t(`state.${row.state}`)}
              </Badge>
            )}
            {first && row.copies !== undefined && row.sizeBytes !== null && !renaming ? (
              <Badge tone="warning">
                {t('copies', { number: format.number(row.copies), size: format.bytes((row.copies - 1) * row.sizeBytes) })}
              </Badge>
            ) : null}
            {renaming ? null : <FavouriteStar row={row} />}
          </span>
        )
      case 'tags':
        return <TagNames names={row.tags} />
      case 'addedAt':
        return format.dateTime(row.addedAt)
      case 'kind':
        return t(`kind.${row.kind}`)
      case 'state':
        return t(`state.${row.state}`)
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
      default:
        return row.metadata?.[metadataKey(id) ?? ''] ?? ''
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
      draggable={selected}
      style={{ transform: `translateY(${top}px)` }}
      className={cx(
        ROW,
        'group/row border-b border-line/60 text-base text-muted',
        selected ? 'bg-selection-idle group-focus-within/grid:bg-selection' : 'hover:bg-hover/60',
        first && index > 0 && 'shadow-[0_-2px_0_var(--line-strong)]',
        row.state === 'deleted' && 'opacity-60',
        cursor && 'group-focus/grid:group-data-keys/grid:outline-2 group-focus/grid:group-data-keys/grid:-outline-offset-2 outline-accent'
      )}
    >
      {columns.map((column, at) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 1}
          className={cx(
            CELL,
            column.end === true && 'text-right',
            (column.id === 'sizeBytes' || column.id === 'createdAt' || column.id === 'addedAt') && 'tabular'
          )}
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
