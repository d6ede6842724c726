import { ArrowRight } from 'lucide-react'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Dialog } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../files/metadata-draft.ts'
import { useVirtualRows } from '../files/use-virtual-rows.ts'
import type { Difference } from './model.ts'
import { differences, problems } from './model.ts'
import { runWriting } from './run-writing.ts'
import { select, useGrid, write } from './session.ts'

const ROW = 30

function Value({ value, kind }: { value: string | null; kind: 'before' | 'after' }) {
  const { t } = useTranslation('grid')
  if (value === null) return <span className="truncate text-faint">{t('cell.none')}</span>
  if (value === '') return <span className="truncate text-faint italic">{t('cell.empty')}</span>
  return <span className={kind === 'before' ? 'truncate text-muted line-through' : 'truncate text-text'}>{value}</span>
}

function Changes({ list, names }: { list: readonly Difference[]; names: (row: number) => string }) {
  const { t } = useTranslation('grid')
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualRows(scroller, list.length, ROW, 0)
  const visible = Array.from({ length: Math.max(0, virtual.last - virtual.first + 1) }, (_, offset) => virtual.first + offset)
  const columns = 'grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)_minmax(0,3fr)_16px_minmax(0,3fr)] items-center gap-2 px-3'
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-hidden rounded-lg border border-line">
      <div className={`${columns} h-8 shrink-0 border-b border-line bg-bg text-sm font-medium text-muted`}>
        <span>{t('table.name')}</span>
        <span>{t('key.label')}</span>
        <span>{t('review.before')}</span>
        <span />
        <span>{t('review.after')}</span>
      </div>
      <div
        ref={scroller}
        onScroll={virtual.onScroll}
        className="min-h-0 flex-1 overflow-auto"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls is scrolled by keys
        tabIndex={0}
        aria-label={t('review.list')}
        role="region"
      >
        <div className="relative" style={{ height: virtual.height }}>
          {visible.map((index) => {
            const each = list[index]
            if (each === undefined) return null
            return (
              <div
                key={`${each.row} ${each.key}`}
                className={`${columns} absolute inset-x-0 border-b border-line`}
                style={{ top: virtual.topOf(index), height: ROW }}
                data-testid="review-row"
              >
                <span className="truncate">{names(each.row)}</span>
                <span className="truncate font-medium">{each.key}</span>
                <Value value={each.before} kind="before" />
                <ArrowRight size={13} className="text-faint" aria-hidden="true" />
                <Value value={each.after} kind="after" />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** What will be written, before it is. */
export function ReviewDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['grid', 'common'])
  const format = useFormat()
  const grid = useGrid((state) => state.grid)
  const reading = useGrid((state) => state.reading)
  const list = useMemo(() => differences(grid), [grid])
  const wrong = useMemo(() => problems(grid), [grid])
  const confirm = useRef<HTMLButtonElement>(null)
  const added = list.filter(({ before }) => before === null).length
  const removed = list.filter(({ after }) => after === null).length
  const number = (value: number) => format.number(value)
  const parts = [
    list.length - added - removed > 0 ? t('review.changed', { number: number(list.length - added - removed) }) : null,
    added > 0 ? t('review.added', { number: number(added) }) : null,
    removed > 0 ? t('review.removed', { number: number(removed) }) : null
  ].filter((part) => part !== null)
  const first = wrong[0]
  return (
    <Dialog
      open
      tall
      size="xl"
      testId="grid-review-dialog"
      onClose={onClose}
      title={t('review.title', { count: grid.edits.size, number: number(grid.edits.size) })}
      initialFocus={confirm}
      onSubmit={() => {
        if (wrong.length > 0) return
        onClose()
        runWriting(write)
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button ref={confirm} type="submit" variant="primary" disabled={wrong.length > 0 || list.length === 0}>
            {t('review.write', { count: grid.edits.size, number: number(grid.edits.size) })}
          </Button>
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col gap-3">
        <p className="tabular m-0 text-muted" data-testid="review-summary">
          {t('review.summary', { parts: format.list(parts) })}
        </p>
        {reading?.running === true ? <p className="m-0 text-warning">{t('review.reading')}</p> : null}
        {first === undefined ? null : (
          <div role="alert" className="flex items-center gap-3 rounded-lg bg-danger-soft px-3 py-2 text-danger">
            <span className="min-w-0 flex-1">
              {t('review.problem', {
                count: wrong.length,
                number: number(wrong.length),
                key: first.key,
                name: grid.rows[first.row]?.name ?? '',
                why: t(`problem.${first.problem}`, { key: MAX_KEY_BYTES, value: MAX_VALUE_BYTES })
              })}
            </span>
            <Button
              size="sm"
              onClick={() => {
                select({ row: first.row, column: Math.max(0, grid.keys.indexOf(first.key)) })
                onClose()
              }}
            >
              {t('review.goTo')}
            </Button>
          </div>
        )}
        <Changes list={list} names={(row) => grid.rows[row]?.name ?? ''} />
      </div>
    </Dialog>
  )
}
