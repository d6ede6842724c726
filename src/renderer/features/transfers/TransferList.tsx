import { useVirtualizer } from '@tanstack/react-virtual'
import type { KeyboardEvent } from 'react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BatchView, TransferView } from '../../../shared/model.ts'
import { requestDiagnosis } from '../../app/diagnosis-request.ts'
import type { MenuEntry } from '../../components/index.ts'
import { ContextMenu, ErrorNote, Spinner, cx } from '../../components/index.ts'
import { control, copyIds, copyOne } from './actions.ts'
import { BatchRow } from './BatchRow.tsx'
import { ask } from './dialogs.ts'
import type { Filter } from './filters.ts'
import type { Row } from './layout.ts'
import { layOut } from './layout.ts'
import { MemberRow } from './MemberRow.tsx'
import type { MembersStore } from './members.ts'
import { atEnd, loadedCount, memberAt } from './members.ts'
import { batchMenu, useBatchActions, useMemberMenu } from './menus.tsx'
import { isOver, useTransfers } from './store.ts'
import { useWords } from './words.ts'

const HEIGHT: Record<Row['type'], number> = { batch: 69, member: 53, more: 44, none: 44 }
const REFRESH_MS = 1_000
const PAGE_ROWS = 8

const diagnose = (batchId: number): void => requestDiagnosis(batchNow(batchId)?.profileId)

const batchNow = (batchId: number): BatchView | undefined => useTransfers.getState().batches[batchId]

/** Batches, with the members of the opened ones between them; only what is on screen exists. */
export function TransferList({
  order,
  filter,
  members,
  isOpen,
  onToggle
}: {
  order: readonly number[]
  filter: Filter
  members: MembersStore
  isOpen: (batchId: number) => boolean
  onToggle: (batchId: number) => void
}) {
  const { t } = useTranslation(['transfers', 'common'])
  const scroller = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  const [menu, setMenu] = useState<MenuEntry[]>([])
  const words = useWords()
  const batchActions = useBatchActions()
  const memberMenu = useMemberMenu()
  const loaded = members.use()
  const layout = useMemo(
    () =>
      layOut(
        order.map((batchId) => {
          if (!isOpen(batchId)) return { batchId, members: null }
          const own = loaded[batchId]
          return { batchId, members: own === undefined ? { loaded: 0, end: false } : { loaded: loadedCount(own), end: atEnd(own) } }
        })
      ),
    [order, loaded, isOpen]
  )

  const virtual = useVirtualizer({
    count: layout.count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => HEIGHT[layout.at(index).type],
    getItemKey: (index) => {
      const row = layout.at(index)
      if (row.type !== 'member') return `${row.type}${row.batchId}`
      const transfer = memberAt(loaded[row.batchId] as NonNullable<(typeof loaded)[number]>, row.index)
      return transfer === undefined ? `index${row.batchId}.${row.index}` : `transfer${transfer.id}`
    },
    overscan: 6,
    // Scrolling must not wait for rows.
    useFlushSync: false
  })
  const items = virtual.getVirtualItems()

  // What is on screen is fetched when it is missing, and again when its batch has moved on.
  const visible = useRef<{ batchId: number; first: number; last: number }[]>([])
  visible.current = visibleMembers(items.map((item) => layout.at(item.index)))
  useEffect(() => {
    const timer = window.setInterval(() => {
      for (const { batchId, first, last } of visible.current) {
        const batch = batchNow(batchId)
        if (batch) members.refresh(batch, first, last)
      }
    }, REFRESH_MS)
    return () => window.clearInterval(timer)
  }, [members])
  const wanted = items
    .map((item) => layout.at(item.index))
    .filter((row) => row.type === 'more' && loaded[row.batchId]?.error == null && loaded[row.batchId]?.loading !== true)
    .map((row) => row.batchId)
    .join(',')
  useEffect(() => {
    for (const batchId of wanted === '' ? [] : wanted.split(',').map(Number)) {
      const batch = batchNow(batchId)
      if (!batch) continue
      members.open(batch, filter)
      members.more(batch)
    }
  }, [wanted, filter, members])

  const focusRow = useCallback(
    (index: number) => {
      const next = Math.min(layout.count - 1, Math.max(0, index))
      if (next < 0) return
      setCurrent(next)
      virtual.scrollToIndex(next)
      // The row may exist only after the list has scrolled.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus({ preventScroll: true }))
      )
    },
    [layout.count, virtual]
  )

  const memberOf = (row: Row): TransferView | undefined => {
    const own = row.type === 'member' ? loaded[row.batchId] : undefined
    const told = own === undefined || row.type !== 'member' ? undefined : memberAt(own, row.index)
    return told === undefined ? undefined : (useTransfers.getState().active[told.id] ?? told)
  }
  /** By the keyboard: file IDs of a batch, or the one of a file. */
  const copyRow = (row: Row): void => {
    const batch = batchNow(row.batchId)
    const member = memberOf(row)
    if (row.type === 'batch' && batch !== undefined) copyIds(batch)
    else if (member?.fileId != null) copyOne(member.fileId, t('copied.id'))
  }
  /** What is over leaves the list, what is under way is cancelled: a batch only after a question. */
  const dropRow = (row: Row): void => {
    const batch = batchNow(row.batchId)
    const member = memberOf(row)
    if (row.type === 'batch' && batch !== undefined) {
      if (batch.finishedAt === null) ask({ tag: 'cancelBatch', batchId: batch.id })
      else control({ action: 'remove', batchId: batch.id })
    } else if (member !== undefined && !isOver(member.tag)) control({ action: 'cancel', transferId: member.id })
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const element = event.target as HTMLElement
    if (element.dataset['index'] === undefined || event.altKey) return
    const index = Number(element.dataset['index'])
    const row = layout.at(index)
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== 'c') return
      event.preventDefault()
      return copyRow(row)
    }
    const open = isOpen(row.batchId)
    const keys: Record<string, (() => void) | undefined> = {
      ArrowDown: () => focusRow(index + 1),
      ArrowUp: () => focusRow(index - 1),
      PageDown: () => focusRow(index + PAGE_ROWS),
      PageUp: () => focusRow(index - PAGE_ROWS),
      Home: () => focusRow(0),
      End: () => focusRow(layout.count - 1),
      ArrowRight: () => (row.type === 'batch' && !open ? onToggle(row.batchId) : row.type === 'batch' ? focusRow(index + 1) : undefined),
      ArrowLeft: () => {
        if (row.type !== 'batch') focusRow(layout.rowOf(row.batchId))
        else if (open) onToggle(row.batchId)
      },
      Delete: () => dropRow(row),
      Enter: row.type === 'batch' ? () => onToggle(row.batchId) : undefined,
      ' ': row.type === 'batch' ? () => onToggle(row.batchId) : undefined
    }
    const act = keys[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  const prepareMenu = (target: EventTarget): void => {
    const element = (target as HTMLElement).closest<HTMLElement>('[data-index]')
    const row = element === null ? null : layout.at(Number(element.dataset['index']))
    const batch = row === null ? undefined : batchNow(row.batchId)
    if (row === null || batch === undefined) return setMenu([])
    setCurrent(Number(element?.dataset['index']))
    if (row.type !== 'member') return setMenu(batchMenu(batchActions(batch)))
    const member = memberOf(row)
    setMenu(member === undefined ? [] : memberMenu(member))
  }

  const focusable = Math.min(current, Math.max(0, layout.count - 1))
  return (
    <ContextMenu items={menu} className="min-h-0 flex-1">
      <div
        ref={scroller}
        role="treegrid"
        tabIndex={-1}
        aria-label={t('list')}
        aria-rowcount={layout.count}
        data-testid="transfers-list"
        className="h-full overflow-y-auto"
        onKeyDown={onKeyDown}
        onContextMenuCapture={(event) => prepareMenu(event.target)}
      >
        <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = layout.at(item.index)
            const own = loaded[row.batchId]
            const tabIndex = item.index === focusable ? 0 : -1
            const isBatch = row.type === 'batch'
            const transfer = row.type === 'member' && own !== undefined ? memberAt(own, row.index) : undefined
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                data-testid={isBatch ? 'transfer-batch' : row.type === 'member' ? 'transfer-row' : undefined}
                role="row"
                tabIndex={tabIndex}
                aria-level={isBatch ? 1 : 2}
                aria-rowindex={item.index + 1}
                {...(isBatch
                  ? { 'aria-expanded': isOpen(row.batchId), 'aria-posinset': row.position + 1, 'aria-setsize': order.length }
                  : {})}
                onFocus={(event) => {
                  if (event.target === event.currentTarget) setCurrent(item.index)
                }}
                onDoubleClick={isBatch ? () => onToggle(row.batchId) : undefined}
                className={cx(
                  'absolute top-0 left-0 w-full px-5 outline-offset-[-2px] hover:bg-hover/50',
                  isBatch ? 'border-t border-line first:border-t-0' : 'pl-16'
                )}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <div role="gridcell">
                  {isBatch ? (
                    <BatchRow batchId={row.batchId} expanded={isOpen(row.batchId)} onToggle={onToggle} tabIndex={tabIndex} />
                  ) : transfer !== undefined ? (
                    <MemberRow transfer={transfer} words={words} onDiagnose={diagnose} tabIndex={tabIndex} />
                  ) : own?.error != null ? (
                    <ErrorNote
                      error={own.error}
                      className="my-2"
                      onRetry={() => {
                        const batch = batchNow(row.batchId)
                        if (batch) members.more(batch)
                      }}
                    />
                  ) : row.type === 'none' ? (
                    <p className="m-0 py-2.5 text-base text-muted">{t('row.none')}</p>
                  ) : (
                    <p className="m-0 flex items-center gap-2 py-2.5 text-base text-muted">
                      <Spinner size={14} />
                      {t('common:progress.loading')}
                    </p>
                  )}
                </div>
              </div>
            )
          })}
        </div>
      </div>
    </ContextMenu>
  )
}

/** For each batch, which of its members are among these rows. */
function visibleMembers(rows: readonly Row[]): { batchId: number; first: number; last: number }[] {
  const found = new Map<number, { batchId: number; first: number; last: number }>()
  for (const row of rows) {
    if (row.type === 'batch') continue
    const index = row.type === 'member' ? row.index : 0
    const known = found.get(row.batchId)
    // The line after the last member says that there are no more, which may change: the last page counts as seen.
    if (known === undefined) found.set(row.batchId, { batchId: row.batchId, first: index, last: index })
    else known.last = Math.max(known.last, index)
  }
  return [...found.values()]
}
