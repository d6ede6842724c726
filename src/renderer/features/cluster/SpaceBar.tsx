import { useTranslation } from 'react-i18next'
import { cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { availableBytes } from './health.ts'

interface Space {
  totalBytes: number
  freeBytes: number
  reservedBytes: number | null
}

/** Used, reserved and available space in words. What is free on the disks is what is available and what is reserved. */
export function useSpaceFacts(): (space: Space) => string[] {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  return (space) => {
    const available = availableBytes(space)
    const reserved = Math.max(0, space.freeBytes - available)
    return [
      t('space.used', { size: format.bytes(Math.max(0, space.totalBytes - space.freeBytes)) }),
      t('space.available', { size: format.bytes(available) }),
      ...(reserved > 0 ? [t('space.reserved', { size: format.bytes(reserved) })] : []),
      t('space.total', { size: format.bytes(space.totalBytes) })
    ]
  }
}

/** Used, reserved and available space as one bar. `fullPercent`: with less than this part left it is red. */
export function SpaceBar({ name, space, fullPercent }: { name: string; space: Space; fullPercent: number }) {
  const { t } = useTranslation('cluster')
  const factsOf = useSpaceFacts()
  const { totalBytes } = space
  const used = Math.max(0, totalBytes - space.freeBytes)
  const available = availableBytes(space)
  const reserved = Math.max(0, space.freeBytes - available)
  const part = (bytes: number): number => (totalBytes === 0 ? 0 : bytes / totalBytes)
  const full = totalBytes > 0 && part(available) < fullPercent / 100
  const facts = factsOf(space).join(' · ')
  return (
    <div
      role="meter"
      aria-label={t('space.label', { name })}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(part(used) * 100)}
      aria-valuetext={facts}
      title={facts}
      className="flex h-2 w-full overflow-hidden rounded-full bg-active"
    >
      <span className={cx('h-full', full ? 'bg-danger' : 'bg-accent')} style={{ width: `${part(used) * 100}%` }} />
      <span className="h-full bg-control/60" style={{ width: `${part(reserved) * 100}%` }} />
    </div>
  )
}
