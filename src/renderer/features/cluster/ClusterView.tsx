import { ChevronRight, RefreshCw } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterHistory, GroupInfo, TrackerInfo } from '../../../shared/model.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { client } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { navigate } from '../../app/navigation.ts'
import {
  Badge,
  Button,
  Art,
  EmptyState,
  ErrorDetails,
  ErrorNote,
  ErrorState,
  Spinner,
  ViewHeader,
  cx,
  useErrorText
} from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { Alerts } from './Alerts.tsx'
import { Changes } from './Changes.tsx'
import { alertsOf, byNeed } from './health.ts'
import { Plots } from './Plots.tsx'
import { SpaceBar, useSpaceFacts } from './SpaceBar.tsx'
import { StorageCard } from './StorageCard.tsx'
import { Traffic } from './Traffic.tsx'
import { refreshCluster, useCluster } from './store.ts'
import { useHistory, useLook } from './use-history.ts'

const CARD = 'overflow-hidden rounded-lg border border-line bg-raised'

/** Why a tracker does not answer. */
function TrackerTrouble({ error }: { error: ErrorData }) {
  const { what, next } = useErrorText(error)
  return (
    <div className="flex flex-col gap-0.5 pl-4.5">
      <p className="m-0 text-base text-text">{what}</p>
      <p className="m-0 text-base text-muted">{next}</p>
      <ErrorDetails error={error} />
    </div>
  )
}

function Tracker({ tracker }: { tracker: TrackerInfo }) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  return (
    <li className="flex flex-col gap-2 px-4 py-2.5" data-testid="cluster-tracker">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
        <span className={cx('size-2 shrink-0 rounded-full', tracker.reachable ? 'bg-success' : 'bg-danger')} aria-hidden="true" />
        <span className="font-mono text-base font-medium break-all text-text select-text">{tracker.address}</span>
        {tracker.otherAddresses === undefined ? null : (
          <span className="text-sm break-all text-muted">{t('tracker.also', { address: tracker.otherAddresses.join(', ') })}</span>
        )}
        {tracker.leader === true ? <Badge tone="accent">{t('tracker.leader')}</Badge> : null}
        {tracker.leaderAddress === null ? <Badge tone="warning">{t('tracker.noLeader')}</Badge> : null}
        {tracker.leader !== true && tracker.leaderAddress ? (
          <span className="text-sm text-muted">{t('tracker.follows', { address: tracker.leaderAddress })}</span>
        ) : null}
        <span className="tabular ml-auto text-sm text-muted">
          {!tracker.reachable
            ? t('tracker.away')
            : tracker.latencyMs === null
              ? t('tracker.answers')
              : t('tracker.latency', { ms: format.number(Math.max(1, tracker.latencyMs)) })}
        </span>
      </div>
      {tracker.error === null ? null : <TrackerTrouble error={tracker.error} />}
    </li>
  )
}

function Group({ group, history, fullPercent }: { group: GroupInfo; history: ClusterHistory | null; fullPercent: number }) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const factsOf = useSpaceFacts()
  const known = history && Object.hasOwn(history.groups, group.name) ? history.groups[group.name] : undefined
  return (
    <section aria-label={t('group.label', { name: group.name })} data-testid="cluster-group" className={CARD}>
      <header className="flex flex-col gap-2.5 border-b border-line bg-bg px-4 py-3">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <h2 className="m-0 text-lg font-semibold text-text">{group.name}</h2>
          <p className="m-0 text-base text-muted">
            {[
              t('group.storages', { count: group.storageCount, n: format.number(group.storageCount) }),
              t('group.readable', { count: group.readableCount, n: format.number(group.readableCount) }),
              t('group.writable', { count: group.writableCount, n: format.number(group.writableCount) })
            ].join(' · ')}
          </p>
          {known?.rate ? <Traffic rate={known.rate} series={known.series} /> : null}
        </div>
        <div className="flex flex-col gap-1">
          <SpaceBar name={group.name} space={group} fullPercent={fullPercent} />
          <p className="tabular m-0 text-sm text-muted">{factsOf(group).join(' · ')}</p>
        </div>
      </header>
      {history && known && known.series.length > 1 ? (
        <details className="group border-b border-line px-4 py-2">
          <summary className="inline-flex list-none items-center gap-1 rounded-sm text-sm text-muted hover:text-text">
            <ChevronRight size={13} className="transition-transform group-open:rotate-90" aria-hidden="true" />
            {t('plot.title')}
          </summary>
          <Plots history={{ ...known, from: history.from, to: history.to }} />
        </details>
      ) : null}
      {group.storages.length === 0 ? (
        <p className="m-0 px-4 py-3.5 text-base text-muted">{t('group.empty')}</p>
      ) : (
        <ul className="m-0 list-none divide-y divide-line p-0">
          {byNeed(group.storages).map((storage) => (
            <StorageCard
              key={storage.id}
              storage={storage}
              group={group}
              rate={(known && Object.hasOwn(known.storages, storage.id) ? known.storages[storage.id] : null) ?? null}
              fullPercent={fullPercent}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

/** Groups, storages and trackers of the active connection. */
export function ClusterView() {
  const { t } = useTranslation(['cluster', 'common'])
  const format = useFormat()
  const profile = useInfo(activeProfile)
  const settings = useInfo((info) => info.settings)
  const overview = useCluster((state) => (state.overview?.profileId === profile?.id ? state.overview : null))
  const refreshing = useCluster((state) => state.refreshing)
  const callError = useCluster((state) => state.error)
  const history = useHistory(profile?.id)
  useLook()
  const refresh = (): void => void refreshCluster(client())

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'F5' || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      void refreshCluster(client())
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  const toConnections = <Button onClick={() => navigate('connections')}>{t('toConnections')}</Button>
  const body = (): React.ReactNode => {
    const error = overview === null ? callError : overview.groups.length === 0 ? overview.error : null
    if (error !== null)
      return (
        <>
          <ErrorState error={error} title={t('unreachable.title')} onRetry={refresh} actions={toConnections} className="pt-16" />
          {overview !== null && overview.trackers.length > 0 ? (
            <div className="mx-auto w-full max-w-200 px-5 pb-8">
              <Trackers trackers={overview.trackers} />
            </div>
          ) : null}
        </>
      )
    if (overview === null)
      return (
        <div className="flex h-full items-center justify-center gap-2.5 text-muted">
          <Spinner />
          {t('asking')}
        </div>
      )
    if (overview.groups.length === 0)
      return (
        <EmptyState
          className="h-full"
          icon={<Art name="cluster" />}
          title={t('empty.title')}
          text={t('empty.text')}
          actions={toConnections}
        />
      )
    return (
      <div className="mx-auto flex w-full max-w-280 flex-col gap-4 p-5">
        <Alerts alerts={alertsOf(overview, settings)} />
        {overview.error === null ? null : <ErrorNote error={overview.error} onRetry={refresh} />}
        <Changes key={overview.profileId} overview={overview} />
        {overview.groups.map((group) => (
          <Group key={group.name} group={group} history={history} fullPercent={settings.alertFullPercent} />
        ))}
        <Trackers trackers={overview.trackers} />
      </div>
    )
  }

  return (
    <section aria-label={t('title')} data-testid="cluster-view" className="flex h-full min-h-0 flex-col">
      <ViewHeader
        title={t('title')}
        text={overview === null || overview.groups.length === 0 ? undefined : t('takenAt', { time: format.time(overview.takenAt) })}
        actions={
          <Button icon={<RefreshCw size={14} aria-hidden="true" />} busy={refreshing} onClick={refresh}>
            {t('refresh')}
          </Button>
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto">{body()}</div>
    </section>
  )
}

function Trackers({ trackers }: { trackers: readonly TrackerInfo[] }) {
  const { t } = useTranslation('cluster')
  if (trackers.length === 0) return null
  return (
    <section aria-label={t('tracker.list')} className={CARD}>
      <header className="flex flex-wrap items-baseline gap-x-3 border-b border-line bg-bg px-4 py-3">
        <h2 className="m-0 text-lg font-semibold text-text">{t('tracker.list')}</h2>
        <p className="m-0 text-base text-muted">{t('tracker.text')}</p>
      </header>
      <ul className="m-0 list-none divide-y divide-line p-0">
        {trackers.map((tracker) => (
          <Tracker key={tracker.address} tracker={tracker} />
        ))}
      </ul>
    </section>
  )
}
