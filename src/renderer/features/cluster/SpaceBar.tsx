import { useTranslation } from 'react-i18next'
import { cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { availableBytes } from './health.ts'

/** Used, reserved and free space as one bar, with the numbers under it. */
export function SpaceBar({
  name,
  space
}: {
  name: string
  space: { totalBytes: number; freeBytes: number; reservedBytes: number | null }
}) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const { totalBytes } = space
  const used = Math.max(0, totalBytes - space.freeBytes)
  const available = availableBytes(space)
  const reserved = Math.max(0, space.freeBytes - available)
  const part = (bytes: number): number => (totalBytes === 0 ? 0 : bytes / totalBytes)
  const full = totalBytes > 0 && part(available) < 0.05
  const facts = [
    t('space.used', { size: format.bytes(used) }),
    t('space.free', { size: format.bytes(available) }),
    ...(reserved > 0 ? [t('space.reserved', { size: format.bytes(reserved) })] : []),
    t('space.total', { size: format.bytes(totalBytes) })
  ]
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div
        role="meter"
        aria-label={t('space.label', { name })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part(used) * 100)}
        aria-valuetext={facts.join(', ')}
        className="flex h-2 w-full overflow-hidden rounded-full bg-active"
      >
        <span className={cx('h-full', full ? 'bg-danger' : 'bg-accent')} style={{ width: `${part(used) * 100}%` }} />
        <span className="h-full bg-control/60" style={{ width: `${part(reserved) * 100}%` }} />
      </div>
      <p className="tabular m-0 text-sm text-muted">{facts.join(' · ')}</p>
    </div>
  )
}
