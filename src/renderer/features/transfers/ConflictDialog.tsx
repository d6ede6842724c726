import { useVirtualizer } from '@tanstack/react-virtual'
import { CircleCheck, CircleSlash, GitCompare } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { ConflictChoice, ConflictComparison, ConflictView } from '../../../shared/model.ts'
import { call, client } from '../../api/client.ts'
import { Button, Dialog, ErrorNote, Segmented, Select, Spinner, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Choices } from './conflicts.ts'
import { choiceOf, choose, chooseAll, compare, crcText, loadConflicts, skipSame } from './conflicts.ts'
import { useTransfers } from './store.ts'
import { useWords } from './words.ts'

const CHOICES = ['rename', 'overwrite', 'skip'] as const satisfies readonly ConflictChoice[]
const ROW_HEIGHT = 58

/** Size, time and, once compared, CRC-32 of one side. */
function Side({ size, time, crc32 }: { size: number | null; time: number | null; crc32: number | null }) {
  const { t } = useTranslation('conflicts')
  const format = useFormat()
  return (
    <div className="tabular flex min-w-0 flex-col text-sm">
      <span className="truncate text-text">{size === null ? t('unknownSize') : format.bytes(size)}</span>
      <span className="truncate text-muted">{crc32 === null ? (time === null ? '' : format.dateTime(time)) : crcText(crc32)}</span>
    </div>
  )
}

function Verdict({ found }: { found: ConflictComparison }) {
  const { t } = useTranslation('conflicts')
  const words = useWords()
  if (found.error !== null) return <span className="text-sm text-danger">{words.error(found.error).what}</span>
  if (found.same === null) return <span className="text-sm text-muted">{t('gone')}</span>
  return (
    <span className={cx('flex items-center gap-1 text-sm', found.same ? 'text-success' : 'text-warning')}>
      {found.same ? <CircleCheck size={13} aria-hidden="true" /> : <CircleSlash size={13} aria-hidden="true" />}
      {t(found.same ? 'same' : 'different')}
    </span>
  )
}

const COLUMNS = 'grid grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_9.5rem] items-center gap-3 px-3'

function Row({
  row,
  found,
  choice,
  onChange
}: {
  row: ConflictView
  found: ConflictComparison | undefined
  choice: ConflictChoice
  onChange: (choice: ConflictChoice) => void
}) {
  const { t } = useTranslation('conflicts')
  return (
    <div role="row" className={cx(COLUMNS, 'h-full')} data-testid="conflict-row">
      <div role="cell" className="flex min-w-0 flex-col">
        <span className="truncate text-base text-text" title={row.path}>
          {row.name}
        </span>
        {found === undefined ? null : <Verdict found={found} />}
      </div>
      <div role="cell">
        <Side size={row.local?.sizeBytes ?? null} time={row.local?.modifiedAt ?? null} crc32={found?.local?.crc32 ?? null} />
      </div>
      <div role="cell">
        <Side
          size={found?.remote?.sizeBytes ?? row.remote.sizeBytes}
          time={row.remote.createdAt}
          crc32={found === undefined ? null : (found.remote?.crc32 ?? row.remote.crc32)}
        />
      </div>
      <div role="cell">
        <Select
          label={t('choiceFor', { name: row.name })}
          className="w-full"
          value={choice}
          onChange={onChange}
          options={CHOICES.map((value) => ({ value, label: t(`choice.${value}`) }))}
        />
      </div>
    </div>
  )
}

/** Asks once for all downloads of a batch whose targets exist. Closing it decides nothing: they stay held. */
export function ConflictDialog({ batchId, onClose }: { batchId: number; onClose: () => void }) {
  const { t } = useTranslation(['conflicts', 'common'])
  const format = useFormat()
  const count = useTransfers((state) => state.batches[batchId]?.conflicts ?? 0)
  const target = useTransfers((state) => state.batches[batchId]?.target ?? '')
  const [rows, setRows] = useState<readonly ConflictView[] | null>(null)
  const [error, setError] = useState<ErrorData | null>(null)
  const [choices, setChoices] = useState<Choices>(chooseAll('rename'))
  const [found, setFound] = useState<Readonly<Record<number, ConflictComparison>>>({})
  const [comparing, setComparing] = useState(false)
  const [busy, setBusy] = useState(false)
  const closed = useRef(false)
  const scroller = useRef<HTMLDivElement>(null)
  const fail = (thrown: unknown): void => setError(toAppError(thrown).toData())

  useEffect(() => {
    closed.current = false
    loadConflicts(client(), batchId).then((loaded) => {
      if (!closed.current) setRows(loaded)
    }, fail)
    return () => {
      closed.current = true
    }
  }, [batchId])

  const startComparing = (): void => {
    setComparing(true)
    compare(
      client(),
      rows ?? [],
      () => closed.current,
      (some) => {
        setFound((before) => ({ ...before, ...Object.fromEntries(some.map((each) => [each.transferId, each])) }))
        setChoices((before) => skipSame(before, some))
      }
    )
      .catch(fail)
      .finally(() => setComparing(false))
  }

  const submit = (): void => {
    setBusy(true)
    const own = Object.entries(choices.own).map(([id, choice]) => ({ transferId: Number(id), choice }))
    call('transfers.resolve', { batchId, choices: own, rest: choices.all }).then(onClose, (thrown: unknown) => {
      setBusy(false)
      fail(thrown)
    })
  }

  const virtual = useVirtualizer({
    count: rows?.length ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    useFlushSync: false
  })
  const more = rows === null ? 0 : Math.max(0, count - rows.length)
  return (
    <Dialog
      open
      size="xl"
      testId="conflict-dialog"
      onClose={onClose}
      title={t('title', { count, n: format.number(count) })}
      description={t('text', { folder: target })}
      onSubmit={submit}
      footer={
        <>
          <Button
            className="mr-auto"
            busy={comparing}
            disabled={rows === null || rows.length === 0}
            icon={<GitCompare size={15} aria-hidden="true" />}
            onClick={startComparing}
          >
            {t('compare')}
          </Button>
          <Button onClick={onClose}>{t('later')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={rows === null}>
            {t('confirm')}
          </Button>
        </>
      }
    >
      <div className="flex min-h-0 flex-col gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <span className="text-base font-medium text-text">{t('forAll')}</span>
          <Segmented
            label={t('forAll')}
            value={choices.all}
            onChange={(all) => setChoices(chooseAll(all))}
            options={CHOICES.map((value) => ({ value, label: t(`choice.${value}`) }))}
          />
        </div>
        {error === null ? null : <ErrorNote error={error} />}
        {rows === null ? (
          error === null ? (
            <p className="m-0 flex items-center gap-2 py-6 text-muted">
              <Spinner />
              {t('common:progress.loading')}
            </p>
          ) : null
        ) : (
          <div role="table" aria-label={t('list')} aria-rowcount={rows.length} className="overflow-hidden rounded-lg border border-line">
            <div role="row" className={cx(COLUMNS, 'h-8 border-b border-line bg-bg text-sm text-muted')}>
              <span role="columnheader">{t('column.name')}</span>
              <span role="columnheader">{t('column.there')}</span>
              <span role="columnheader">{t('column.coming')}</span>
              <span role="columnheader">{t('column.choice')}</span>
            </div>
            <div ref={scroller} role="rowgroup" className="max-h-80 overflow-y-auto">
              <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
                {virtual.getVirtualItems().map((item) => {
                  const row = rows[item.index]
                  return row === undefined ? null : (
                    <div
                      key={row.transferId}
                      role="presentation"
                      className="absolute top-0 left-0 w-full border-b border-line"
                      style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}
                    >
                      <Row
                        row={row}
                        found={found[row.transferId]}
                        choice={choiceOf(choices, row.transferId)}
                        onChange={(choice) => setChoices(choose(choices, row.transferId, choice))}
                      />
                    </div>
                  )
                })}
              </div>
            </div>
          </div>
        )}
        {more > 0 ? <p className="m-0 text-sm text-muted">{t('more', { count: more, n: format.number(more) })}</p> : null}
      </div>
    </Dialog>
  )
}
