import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GroupInfo, StorageInfo, StorageStatus, Traffic } from '../../../shared/model.ts'
import type { BadgeTone } from '../../components/index.ts'
import { Badge, CopyButton, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { Ago } from './Ago.tsx'
import { availableBytes, storageAddress, syncOf } from './health.ts'
import { Plots } from './Plots.tsx'
import { SpaceBar, useSpaceFacts } from './SpaceBar.tsx'
import { useStorageHistory } from './use-history.ts'

const TONES: Record<StorageStatus, BadgeTone> = {
  init: 'accent',
  wait_sync: 'accent',
  syncing: 'accent',
  ip_changed: 'warning',
  deleted: 'neutral',
  offline: 'danger',
  online: 'warning',
  active: 'success',
  recovery: 'warning',
  none: 'neutral',
  unknown: 'neutral'
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="tabular m-0 min-w-0 text-base break-words text-text">{children}</dd>
    </div>
  )
}

const GRID = 'm-0 grid grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))] gap-x-4 gap-y-2.5'

/** Counters worth showing, as the storage names them. */
const COUNTERS = [
  ['uploads', 'success_upload_count'],
  ['downloads', 'success_download_count'],
  ['deletes', 'success_delete_count'],
  ['metadata', 'success_set_meta_count'],
  ['appends', 'success_append_count'],
  ['modifies', 'success_modify_count']
] as const
/** Large files arrive in pieces, as changes of a file that exists. */
const AMOUNTS = [
  ['bytesIn', ['success_upload_bytes', 'success_append_bytes', 'success_modify_bytes']],
  ['bytesOut', ['success_download_bytes']],
  ['bytesSynced', ['success_sync_in_bytes']]
] as const

function Details({ storage, group }: { storage: StorageInfo; group: GroupInfo }) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const factsOf = useSpaceFacts()
  const history = useStorageHistory(group.name, storage.id, true)
  const sync = syncOf(storage, group)
  return (
    <div className="flex flex-col gap-3 pb-1 pl-5.5" data-testid="cluster-storage-details">
      <p className="tabular m-0 text-base text-muted">{factsOf(storage).join(' · ')}</p>
      {history === null ? null : <Plots history={history} />}
      <dl className={GRID}>
        <Fact label={t('details.id')}>{storage.id}</Fact>
        <Fact label={t('details.free')}>{format.bytes(storage.freeBytes)}</Fact>
        {sync.tag === 'quiet' ? (
          <Fact label={t('details.counted')}>
            <span title={t('details.countedHint')}>{t('sync.behind', { time: format.duration(sync.seconds) })}</span>
          </Fact>
        ) : null}
        <Fact label={t('details.paths')}>{format.number(storage.storePathCount)}</Fact>
        <Fact label={t('details.joined')}>{storage.joinedAt > 0 ? format.dateTime(storage.joinedAt) : t('never')}</Fact>
        <Fact label={t('details.up')}>{storage.upSince > 0 ? format.dateTime(storage.upSince) : t('never')}</Fact>
        {storage.sourceId === '' ? null : <Fact label={t('details.source')}>{storage.sourceId}</Fact>}
        {COUNTERS.map(([name, key]) => (
          <Fact key={name} label={t(`counter.${name}`)}>
            {format.number(storage.stats[key] ?? 0)}
          </Fact>
        ))}
        {AMOUNTS.map(([name, keys]) => (
          <Fact key={name} label={t(`counter.${name}`)}>
            {format.bytes(keys.reduce((sum, key) => sum + (storage.stats[key] ?? 0), 0))}
          </Fact>
        ))}
      </dl>
    </div>
  )
}

/** One storage: what matters in two lines, everything else on demand. `rate`: of the last minutes, null = not known yet. */
export function StorageCard({
  storage,
  group,
  rate,
  fullPercent
}: {
  storage: StorageInfo
  group: GroupInfo
  rate: Traffic | null
  fullPercent: number
}) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const address = storageAddress(storage)
  const sync = syncOf(storage, group)
  const access = storage.readable ? (storage.writable ? 'both' : 'read') : storage.writable ? 'write' : 'none'
  return (
    <li className="flex flex-col gap-2 px-4 py-2.5" data-testid="cluster-storage">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <button
          type="button"
          aria-expanded={open}
          aria-label={t('details.of', { address })}
          onClick={() => setOpen(!open)}
          className="-ml-1 flex items-center gap-1 rounded-sm px-1 text-left text-text hover:bg-hover"
        >
          <ChevronRight size={14} className={cx('shrink-0 text-muted transition-transform', open && 'rotate-90')} aria-hidden="true" />
          <span className="font-mono text-base font-medium break-all">{address}</span>
        </button>
        <CopyButton text={address} label={t('copyAddress')} />
        <Badge tone={TONES[storage.status]}>{t(`status.${storage.status}`)}</Badge>
        {storage.isTrunkServer ? <Badge>{t('trunk')}</Badge> : null}
        <span className="ml-auto text-sm text-muted">
          {storage.version === '' ? t('versionUnknown') : t('version', { version: storage.version })}
        </span>
      </div>
      {storage.status === 'active' ? null : <p className="m-0 pl-5.5 text-base text-muted">{t(`explain.${storage.status}`)}</p>}
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2 pl-5.5">
        <div className="flex min-w-44 flex-1 basis-48 flex-col gap-2">
          <p className="tabular m-0 text-sm text-text">
            {t('space.availableOf', { size: format.bytes(availableBytes(storage)), total: format.bytes(storage.totalBytes) })}
          </p>
          <SpaceBar name={address} space={storage} fullPercent={fullPercent} />
        </div>
        <dl className="m-0 grid flex-4 basis-110 grid-cols-[repeat(auto-fill,minmax(6.25rem,1fr))] gap-x-3 gap-y-2">
          <Fact label={t('access.label')}>{t(`access.${access}`)}</Fact>
          <Fact label={t('connections.label')}>
            {storage.maxConnections > 0
              ? t('connections.peak', { now: format.number(storage.connections), max: format.number(storage.maxConnections) })
              : format.number(storage.connections)}
          </Fact>
          {rate === null ? null : (
            <>
              <Fact label={t('plot.line.inBytes')}>{format.rate(rate.inBytes)}</Fact>
              <Fact label={t('plot.line.outBytes')}>{format.rate(rate.outBytes)}</Fact>
            </>
          )}
          <Fact label={t('heartbeat')}>
            <Ago ms={storage.lastHeartbeatAt} />
          </Fact>
          <Fact label={t('sync.label')}>
            {!('seconds' in sync)
              ? t(`sync.${sync.tag}`)
              : sync.tag === 'quiet' || sync.seconds === 0
                ? t('sync.current')
                : t('sync.behind', { time: format.duration(sync.seconds) })}
          </Fact>
        </dl>
      </div>
      {open ? <Details storage={storage} group={group} /> : null}
    </li>
  )
}
