import { useTranslation } from 'react-i18next'
import type { TrashRow } from '../../../shared/model.ts'
import { Badge, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { FileIcon } from '../files/file-types.tsx'

const DAY_MS = 86_400_000

/** One file of the trash; undefined = it has not arrived yet. */
export function TrashListRow({
  row,
  index,
  total,
  top,
  height,
  selected,
  now,
  onChoose
}: {
  row: TrashRow | undefined
  index: number
  total: number
  top: number
  height: number
  selected: boolean
  now: number
  onChoose: (index: number, mode: 'only' | 'toggle' | 'range') => void
}) {
  const { t } = useTranslation('trash')
  const format = useFormat()
  if (row === undefined) return <div className="absolute inset-x-0" style={{ top, height }} />
  const left = Math.max(0, Math.ceil((row.removeAt - now) / DAY_MS))
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the list around it has the focus and takes the keys
    <div
      role="option"
      id={`trash-row-${index}`}
      data-testid="trash-row"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={total}
      title={row.fileId}
      onClick={(event) => onChoose(index, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')}
      className={cx(
        'absolute inset-x-0 grid grid-cols-[16px_minmax(0,3fr)_minmax(0,2fr)_90px_150px_150px] items-center gap-3 border-b border-line px-5',
        selected ? 'bg-selection' : 'hover:bg-hover'
      )}
      style={{ top, height }}
    >
      <FileIcon ext={row.name.slice(row.name.lastIndexOf('.') + 1)} className="text-muted" />
      <span className="truncate text-text">{row.name}</span>
      <span className="truncate text-muted">{row.folder}</span>
      <span className="tabular text-right text-muted">{row.sizeBytes === null ? '' : format.bytes(row.sizeBytes)}</span>
      <span className="tabular truncate text-muted" title={format.dateTime(row.deletedAt)}>
        {t('deleted', { ago: format.ago(row.deletedAt, now) })}
      </span>
      <span className="tabular truncate text-right text-muted" title={format.dateTime(row.removeAt)}>
        {row.removing ? <Badge tone="warning">{t('removing')}</Badge> : left === 0 ? t('soon') : t('left', { count: left })}
      </span>
    </div>
  )
}
