import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import type { ColumnUse, ListColumn, ListPreview, ListRow, ListRowState } from '../../../shared/import.ts'
import { Badge, Segmented, Select, TextField, useErrorText } from '../../components/index.ts'
import type { BadgeTone } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'

const STATES: readonly ListRowState[] = ['new', 'trash', 'merge', 'same', 'bad']
const TONES: Record<ListRowState, BadgeTone> = { new: 'success', trash: 'accent', merge: 'accent', same: 'neutral', bad: 'danger' }
const USES: readonly ColumnUse[] = ['file', 'name', 'folder', 'tags', 'metadata', 'json', 'ignore']
/** Rows that are drawn: enough to see what it is. */
const DRAWN = 100

/** What the columns hold, and what each row would do. */
export function ListTable({
  preview,
  onColumns
}: {
  preview: ListPreview
  onColumns: (columns: Pick<ListColumn, 'use' | 'key'>[]) => void
}) {
  const { t } = useTranslation('import')
  const format = useFormat()
  const [wanted, setShow] = useState<'all' | ListRowState>('all')
  const { counts, columns, rows } = preview
  const show = wanted !== 'all' && counts[wanted] === 0 ? 'all' : wanted
  const fitting = show === 'all' ? rows : rows.filter((row) => row.state === show)
  const all = STATES.reduce((sum, state) => sum + counts[state], 0)
  const set = (index: number, change: Partial<ListColumn>): void =>
    onColumns(
      columns.map(({ use, key }, at) => {
        if (at === index) return { use, key, ...change }
        // One column each, but for metadata.
        return change.use === use && use !== 'metadata' && use !== 'ignore' ? { use: 'ignore', key } : { use, key }
      })
    )
  return (
    <>
      {columns.length === 0 ? null : (
        <div className="flex shrink-0 gap-2 overflow-x-auto pb-1" role="group" aria-label={t('list.columns')}>
          {columns.map((column, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} className="flex w-40 shrink-0 flex-col gap-1 rounded-lg border border-line bg-surface p-2">
              <span className="truncate text-sm font-medium text-text">
                {column.title === '' ? t('list.column', { number: format.number(index + 1) }) : column.title}
              </span>
              <span className="truncate text-sm text-muted">{column.samples[0] ?? '–'}</span>
              <Select
                label={t('list.holds', { column: column.title || format.number(index + 1) })}
                value={column.use}
                onChange={(use) => set(index, { use, key: column.key || column.title })}
                options={USES.map((use) => ({ value: use, label: t(`use.${use}`) }))}
              />
              {column.use === 'metadata' ? (
                <TextField aria-label={t('list.key')} value={column.key} onChange={(key) => set(index, { key: key.slice(0, 64) })} />
              ) : null}
            </div>
          ))}
        </div>
      )}
      <Segmented
        className="shrink-0 self-start"
        label={t('list.show')}
        value={show}
        onChange={setShow}
        options={[
          { value: 'all', label: t('list.all'), count: format.number(all) },
          ...STATES.filter((state) => counts[state] > 0).map((state) => ({
            value: state,
            label: t(`row.${state}`),
            count: format.number(counts[state])
          }))
        ]}
      />
      <div
        // A list that scrolls must be reachable by the keys that scroll it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="list"
        aria-label={t('list.rows')}
        className="min-h-40 flex-1 overflow-y-auto rounded-lg border border-line bg-surface"
      >
        {fitting.slice(0, DRAWN).map((row) => (
          <Row key={`${row.line} ${row.text}`} row={row} />
        ))}
        {fitting.length > DRAWN || (show === 'all' ? all : counts[show]) > fitting.length ? (
          <p className="m-0 px-3 py-2 text-sm text-muted">{t('list.more')}</p>
        ) : null}
      </div>
    </>
  )
}

function Row({ row }: { row: ListRow }) {
  const { t } = useTranslation('import')
  const details = [
    row.state === 'trash' ? t('row.restored') : null,
    row.folder,
    row.tags.map((tag) => `#${tag}`).join(' '),
    Object.entries(row.metadata)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ')
  ].filter((part) => part !== null && part !== '')
  return (
    <div
      role="listitem"
      data-testid="import-row"
      data-state={row.state}
      className="flex h-8 items-center gap-2.5 border-b border-line/60 px-3 text-base"
    >
      <span className="tabular w-9 shrink-0 text-right text-sm text-faint">{row.line}</span>
      <span className="w-24 shrink-0">
        <Badge tone={TONES[row.state]}>{t(`row.${row.state}`)}</Badge>
      </span>
      {row.error === null ? (
        <>
          <span className="max-w-60 min-w-0 shrink-0 truncate font-medium text-text">{row.name}</span>
          <span className="min-w-0 flex-1 truncate font-mono text-sm text-muted">{row.text}</span>
          <span className="max-w-72 shrink-0 truncate text-sm text-muted">{details.join(' · ')}</span>
        </>
      ) : (
        <>
          <span className="max-w-1/2 min-w-0 truncate font-mono text-sm text-text">{row.text}</span>
          <Reason error={row.error} />
        </>
      )}
    </div>
  )
}

function Reason({ error }: { error: ErrorData }) {
  return <span className="min-w-0 flex-1 truncate text-danger">{useErrorText(error).what}</span>
}
