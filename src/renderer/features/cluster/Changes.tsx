import { History, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterOverview } from '../../../shared/model.ts'
import { recall, remember } from '../../app/layout.ts'
import { IconButton } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { Ago } from './Ago.tsx'
import type { Change, Seen } from './changes.ts'
import { changesSince, isSeen, seenOf } from './changes.ts'

function useChangeText(): (change: Change) => string {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  return (change) => {
    switch (change.tag) {
      case 'trackerDown':
        return t('change.trackerDown', { address: change.address })
      case 'trackerBack':
        return t('change.trackerBack', { address: change.address })
      case 'leader':
        return t('change.leader', { address: change.address })
      case 'groupNew':
        return t('change.groupNew', { group: change.group })
      case 'groupGone':
        return t('change.groupGone', { group: change.group })
      case 'storageNew':
        return t('change.storageNew', { group: change.group, address: change.address })
      case 'storageGone':
        return t('change.storageGone', { group: change.group, address: change.address })
      case 'status':
        return t('change.status', {
          group: change.group,
          address: change.address,
          from: t(`status.${change.from}`),
          to: t(`status.${change.to}`)
        })
      case 'version':
        return t('change.version', { group: change.group, address: change.address, from: change.from, to: change.to })
      case 'space':
        return t(change.bytes > 0 ? 'change.spaceMore' : 'change.spaceLess', {
          group: change.group,
          size: format.bytes(Math.abs(change.bytes))
        })
    }
  }
}

const keyOf = (profileId: string): string => `cluster.seen.${profileId}`

/**
 * What changed since this view was last open. The look ends when the view is left, or when what changed is put aside: from then on
 * the picture of that moment is what later ones are compared with.
 */
export function Changes({ overview }: { overview: ClusterOverview }) {
  const { t } = useTranslation('cluster')
  const { profileId } = overview
  const [before, setBefore] = useState<Seen | undefined>(() => recall(keyOf(profileId), isSeen))
  const textOf = useChangeText()
  const latest = useRef(overview)
  useEffect(() => {
    latest.current = overview
  }, [overview])
  const keep = (): Seen | null => {
    const seen = seenOf(latest.current)
    if (seen !== null) remember(keyOf(profileId), seen)
    return seen
  }
  useEffect(() => {
    window.addEventListener('pagehide', keep)
    return () => {
      window.removeEventListener('pagehide', keep)
      keep()
    }
    // It ends with the view.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])
  const changes = before === undefined ? [] : changesSince(before, overview)
  if (before === undefined || changes.length === 0) return null
  return (
    <section
      aria-label={t('change.title')}
      data-testid="cluster-changes"
      className="flex gap-2.5 rounded-lg border border-line bg-raised p-3"
    >
      <History size={16} className="mt-0.5 shrink-0 text-muted" aria-hidden="true" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <h2 className="m-0 text-base font-medium text-text">
          {t('change.title')} · <Ago ms={before.at} />
        </h2>
        <ul className="m-0 flex list-none flex-col gap-0.5 p-0">
          {changes.map((change) => (
            <li key={textOf(change)} className="text-base break-words text-text">
              {textOf(change)}
            </li>
          ))}
        </ul>
      </div>
      <IconButton label={t('change.dismiss')} icon={<X size={15} aria-hidden="true" />} onClick={() => setBefore(keep() ?? before)} />
    </section>
  )
}
