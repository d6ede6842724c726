import type { ReactNode } from 'react'
import { cx } from './cx.ts'

const TONES = {
  neutral: 'bg-active text-muted',
  accent: 'bg-accent-soft text-accent',
  success: 'bg-success-soft text-success',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger'
} as const
export type BadgeTone = keyof typeof TONES

export function Badge({
  tone = 'neutral',
  icon,
  className,
  children
}: {
  tone?: BadgeTone
  icon?: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={cx(
        'tabular inline-flex h-4.5 shrink-0 items-center gap-1 rounded-full px-1.5 text-xs font-medium whitespace-nowrap',
        TONES[tone],
        className
      )}
    >
      {icon}
      {children}
    </span>
  )
}
