import { useTranslation } from 'react-i18next'
import type { Profile, ProfileColor } from '../../shared/model.ts'
import { Badge } from '../components/Badge.tsx'
import type { BadgeTone } from '../components/Badge.tsx'
import { cx } from '../components/cx.ts'

const COLORS: Record<Exclude<ProfileColor, 'none'>, string> = {
  blue: 'bg-mark-blue',
  teal: 'bg-mark-teal',
  green: 'bg-mark-green',
  yellow: 'bg-mark-yellow',
  orange: 'bg-mark-orange',
  red: 'bg-mark-red',
  pink: 'bg-mark-pink',
  purple: 'bg-mark-purple'
}

/** The colour of a connection; nothing without one. */
export function ColorMark({ color, className }: { color: ProfileColor; className?: string }) {
  if (color === 'none') return null
  return <span aria-hidden="true" data-color={color} className={cx('size-2.5 shrink-0 rounded-full', COLORS[color], className)} />
}

const TONES: Record<Exclude<Profile['environment'], 'none'>, BadgeTone> = {
  development: 'neutral',
  test: 'neutral',
  staging: 'warning',
  production: 'danger'
}

/** What a cluster is for; nothing without a label. */
export function EnvironmentBadge({ environment }: { environment: Profile['environment'] }) {
  const { t } = useTranslation('common')
  if (environment === 'none') return null
  return <Badge tone={TONES[environment]}>{t(`environment.${environment}`)}</Badge>
}
