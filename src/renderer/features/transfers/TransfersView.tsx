import { Ellipsis, Pause, Play, RotateCw, Trash2, X } from 'lucide-react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { client } from '../../api/client.ts'
import { navigate } from '../../app/navigation.ts'
import type { MenuEntry } from '../../components/index.ts'
import { Art, Button, EmptyState, ErrorState, IconButton, Menu, Segmented, Spinner, ViewHeader } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { control, loadTransfers } from './actions.ts'
import { ask } from './dialogs.ts'
import type { Filter } from './filters.ts'
import { FILTERS, countOf, openByDefault, passes } from './filters.ts'
import { createMembers } from './members.ts'
import { unfinished, useTransfers } from './store.ts'
import { SpeedGraph } from './SpeedGraph.tsx'
import { TotalLine } from './TotalLine.tsx'
import { TransferList } from './TransferList.tsx'

function HeaderActions() {
  const { t } = useTranslation(['transfers', 'common'])
  const paused = useTransfers((state) => state.totals.paused)
  const open = useTransfers((state) => unfinished(state.totals.counts) > 0 || state.totals.activeBatches > 0)
  const failed = useTransfers((state) => state.order.some((id) => (state.batches[id]?.counts.failed ?? 0) > 0))
  const finished = useTransfers((state) => state.order.some((id) => state.batches[id]?.finishedAt != null))
  const entries: MenuEntry[] = [
    {
      label: t('all.removeFinished'),
      icon: <Trash2 size={14} aria-hidden="true" />,
      disabled: !finished,
      onSelect: () => control({ action: 'remove' })
    },
    { type: 'separator' },
    {
      label: t('all.cancel'),
      icon: <X size={14} aria-hidden="true" />,
      danger: true,
      disabled: !open,
      onSelect: () => ask({ tag: 'cancelAll' })
    }
  ]
  return (
    <>
      {paused ? (
        <Button variant="primary" icon={<Play size={15} aria-hidden="true" />} onClick={() => control({ action: 'resume' })}>
          {t('all.resume')}
        </Button>
      ) : (
        <Button icon={<Pause size={15} aria-hidden="true" />} disabled={!open} onClick={() => control({ action: 'pause' })}>
          {t('all.pause')}
        </Button>
      )}
      {failed ? (
        <Button icon={<RotateCw size={14} aria-hidden="true" />} onClick={() => control({ action: 'retry' })}>
          {t('all.retryFailed')}
        </Button>
      ) : null}
      <Menu
        align="end"
        items={entries}
        trigger={<IconButton label={t('common:action.more')} icon={<Ellipsis size={16} aria-hidden="true" />} />}
      />
    </>
  )
}

function FilterBar({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation(['transfers', 'common'])
  const format = useFormat()
  const counts = useTransfers(
    useShallow((state) =>
      FILTERS.map((each) => state.order.reduce((sum, id) => sum + (state.batches[id] ? countOf(state.batches[id].counts, each) : 0), 0))
    )
  )
  return (
    <Segmented
      label={t('filter.label')}
      value={filter}
      onChange={onChange}
      options={FILTERS.map((value, index) => {
        const count = counts[index] ?? 0
        return { value, label: t(`filter.${value}`), ...(value === 'all' || count === 0 ? {} : { count: format.number(count) }) }
      })}
    />
  )
}

/** Everything that is, was or will be transferred. */
export function TransfersView() {
  const { t } = useTranslation(['transfers', 'common', 'batches', 'conflicts'])
  const [filter, setFilter] = useState<Filter>('all')
  /** Batches that are not as `openByDefault` says, by filter. */
  const [toggled, setToggled] = useState<Readonly<Record<string, true>>>({})
  const [members] = useState(() => createMembers(client()))
  const ready = useTransfers((state) => state.revision >= 0)
  const error = useTransfers((state) => state.error)
  const any = useTransfers((state) => state.order.length > 0)
  const busy = useTransfers((state) => state.totals.activeBatches > 0)
  const order = useTransfers(
    useShallow((state) => state.order.filter((id) => state.batches[id] !== undefined && passes(state.batches[id], filter)))
  )
  const isOpen = useCallback((batchId: number) => openByDefault(filter) !== (toggled[`${filter}${batchId}`] ?? false), [filter, toggled])
  const onToggle = useCallback(
    (batchId: number) => {
      const key = `${filter}${batchId}`
      setToggled(({ [key]: was, ...rest }) => (was ? rest : { ...rest, [key]: true }))
    },
    [filter]
  )

  // What is open has members; what was closed or filtered away lets go of them.
  const open = useMemo(() => order.filter(isOpen), [order, isOpen])
  useEffect(() => {
    const { batches } = useTransfers.getState()
    for (const id of open) if (batches[id]) members.open(batches[id], filter)
    for (const id of Object.keys(members.use.getState()).map(Number)) if (!open.includes(id)) members.close(id)
  }, [open, filter, members])

  const body = (): React.ReactNode => {
    if (!ready && error !== null) return <ErrorState error={error} className="flex-1" onRetry={loadTransfers} />
    if (!ready)
      return (
        <div className="flex flex-1 items-center justify-center gap-2.5 text-muted">
          <Spinner />
          {t('common:progress.loading')}
        </div>
      )
    if (!any)
      return (
        <EmptyState
          className="flex-1"
          icon={<Art name="transfers" />}
          title={t('empty.title')}
          text={t('empty.text')}
          actions={<Button onClick={() => navigate('files')}>{t('empty.action')}</Button>}
        />
      )
    if (order.length === 0)
      return (
        <EmptyState
          className="flex-1"
          title={t(`emptyFilter.${filter}` as 'emptyFilter.failed')}
          actions={<Button onClick={() => setFilter('all')}>{t('emptyFilter.showAll')}</Button>}
        />
      )
    return <TransferList order={order} filter={filter} members={members} isOpen={isOpen} onToggle={onToggle} />
  }

  return (
    <section aria-label={t('title')} data-testid="transfers-view" className="flex h-full min-h-0 flex-col">
      <ViewHeader title={t('title')} actions={any ? <HeaderActions /> : undefined}>
        {busy ? <TotalLine graph={<SpeedGraph />} /> : null}
        {any ? (
          <div className="flex">
            <FilterBar filter={filter} onChange={setFilter} />
          </div>
        ) : null}
      </ViewHeader>
      {body()}
    </section>
  )
}
