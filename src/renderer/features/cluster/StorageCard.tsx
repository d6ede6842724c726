import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { GroupInfo, StorageInfo, StorageStatus } from '../../../shared/model.ts'
import type { BadgeTone } from '../../components/index.ts'
import { Badge, CopyButton } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { Ago } from './Ago.tsx'
import { storageAddress, syncOf } from './health.ts'
import { SpaceBar } from './SpaceBar.tsx'

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
  ['metadata', 'success_set_meta_count']
] as const
const AMOUNTS = [
  ['bytesIn', 'success_upload_bytes'],
  ['bytesOut', 'success_download_bytes']
] as const

export function StorageCard({ storage, group }: { storage: StorageInfo; group: GroupInfo }) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const address = storageAddress(storage)
  const sync = syncOf(storage, group)
  const access = storage.readable ? (storage.writable ? 'both' : 'read') : storage.writable ? 'write' : 'none'
  return (
    <li className="flex flex-col gap-3 px-4 py-3.5" data-testid="cluster-storage">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
        <span className="font-mono text-base font-medium break-all text-text select-text">{address}</span>
        <CopyButton text={address} label={t('copyAddress')} />
        <Badge tone={TONES[storage.status]}>{t(`status.${storage.status}`)}</Badge>
        {storage.isTrunkServer ? <Badge>{t('trunk')}</Badge> : null}
        <span className="ml-auto text-sm text-muted">
          {storage.version === '' ? t('versionUnknown') : t('version', { version: storage.version })}
        </span>
      </div>
      <p className="m-0 -mt-1.5 text-base text-muted">{t(`explain.${storage.status}`)}</p>
      <SpaceBar name={address} space={storage} />
      <dl className={GRID}>
        <Fact label={t('access.label')}>{t(`access.${access}`)}</Fact>
        <Fact label={t('connections.label')}>
          {storage.maxConnections > 0
            ? t('connections.peak', { now: format.number(storage.connections), max: format.number(storage.maxConnections) })
            : format.number(storage.connections)}
        </Fact>
        <Fact label={t('heartbeat')}>
          <Ago ms={storage.lastHeartbeatAt} />
        </Fact>
        <Fact label={t('sync.label')}>
          {sync.tag !== 'behind'
            ? t(`sync.${sync.tag}`)
            : sync.seconds === 0
              ? t('sync.current')
              : t('sync.behind', { time: format.duration(sync.seconds) })}
        </Fact>
      </dl>
      <details className="group">
        <summary className="inline-flex list-none items-center gap-1 rounded-sm text-sm text-muted hover:text-text">
          <ChevronRight size={13} className="transition-transform group-open:rotate-90" aria-hidden="true" />
          {t('details.label')}
        </summary>
        <dl className={`${GRID} pt-2.5`}>
          <Fact label={t('details.id')}>{storage.id}</Fact>
          <Fact label={t('details.paths')}>{format.number(storage.storePathCount)}</Fact>
          <Fact label={t('details.joined')}>{storage.joinedAt > 0 ? format.dateTime(storage.joinedAt) : t('never')}</Fact>
          <Fact label={t('details.up')}>{storage.upSince > 0 ? format.dateTime(storage.upSince) : t('never')}</Fact>
          {storage.sourceId === '' ? null : <Fact label={t('details.source')}>{storage.sourceId}</Fact>}
          {COUNTERS.map(([name, key]) => (
            <Fact key={name} label={t(`counter.${name}`)}>
              {format.number(storage.stats[key] ?? 0)}
            </Fact>
          ))}
          {AMOUNTS.map(([name, key]) => (
            <Fact key={name} label={t(`counter.${name}`)}>
              {format.bytes(storage.stats[key] ?? 0)}
            </Fact>
          ))}
        </dl>
      </details>
    </li>
  )
}
