import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { cx } from '../../components/index.ts'
import { healthOf } from './health.ts'
import { startCluster, useCluster } from './store.ts'

const COLOURS = { unknown: 'bg-control', good: 'bg-success', warning: 'bg-warning', bad: 'bg-danger' } as const

/** A dot for the state of the active cluster. Also keeps its picture fresh, since it is always shown. */
export function NavHealth() {
  const { t } = useTranslation('cluster')
  const profileId = useInfo((info) => info.activeProfileId)
  const settings = useInfo((info) => info.settings)
  const health = useCluster((state) => healthOf(state.overview?.profileId === profileId ? state.overview : null, settings))
  useEffect(() => startCluster(client()), [])
  const text = t(`health.${health}`)
  return (
    <span className="flex shrink-0" title={text} data-testid="cluster-health" data-health={health}>
      <span className={cx('size-2 rounded-full', COLOURS[health])} aria-hidden="true" />
      <span className="sr-only">{text}</span>
    </span>
  )
}
