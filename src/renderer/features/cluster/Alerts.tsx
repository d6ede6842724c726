import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Alert } from './health.ts'
import { isBad } from './health.ts'

function useAlertText(): (alert: Alert) => string {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  return (alert) => {
    switch (alert.tag) {
      case 'unreachable':
        return t('alert.unreachable')
      case 'noGroups':
        return t('alert.noGroups')
      case 'stale':
        return t('alert.stale', { time: format.time(alert.takenAt) })
      case 'trackerDown':
        return t('alert.trackerDown', { address: alert.address })
      case 'notReadable':
        return t('alert.notReadable', { group: alert.group })
      case 'notWritable':
        return t('alert.notWritable', { group: alert.group })
      case 'fewWritable':
        return t('alert.fewWritable', { group: alert.group, count: alert.count, wanted: format.number(alert.wanted) })
      case 'noLeader':
        return t('alert.noLeader', { time: format.time(alert.since) })
      case 'storageAway':
        return t('alert.storageAway', { group: alert.group, address: alert.address, status: t(`status.${alert.status}`) })
      case 'nearlyFull':
        return t('alert.nearlyFull', { group: alert.group, size: format.bytes(alert.availableBytes) })
      case 'manyAway':
        return t('alert.manyAway', { group: alert.group, n: format.number(alert.count), total: format.number(alert.total) })
      case 'manyLag':
        return t('alert.manyLag', { group: alert.group, n: format.number(alert.count), time: format.duration(alert.seconds) })
      case 'syncLag':
        return t('alert.syncLag', { group: alert.group, address: alert.address, time: format.duration(alert.seconds) })
    }
  }
}

/** What needs attention, in sentences. */
export function Alerts({ alerts }: { alerts: readonly Alert[] }) {
  const { t } = useTranslation('cluster')
  const textOf = useAlertText()
  if (alerts.length === 0) return null
  const bad = alerts.some(isBad)
  return (
    <ul
      aria-label={t('alerts')}
      data-testid="cluster-alerts"
      className={cx('m-0 flex list-none flex-col gap-1.5 rounded-lg p-3', bad ? 'bg-danger-soft' : 'bg-warning-soft')}
    >
      {alerts.map((alert) => (
        <li key={textOf(alert)} className="flex gap-2.5 text-base text-text">
          {isBad(alert) ? (
            <CircleAlert size={16} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
          ) : (
            <TriangleAlert size={16} className="mt-0.5 shrink-0 text-warning" aria-hidden="true" />
          )}
          {textOf(alert)}
        </li>
      ))}
    </ul>
  )
}
