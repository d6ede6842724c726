import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** Says that there is nothing, why, and what to do about it. */
export function EmptyState({
  icon,
  title,
  text,
  actions,
  className
}: {
  icon?: ReactNode
  title: ReactNode
  text?: ReactNode
  actions?: ReactNode
  className?: string
}) {
  return (
    <div className={cx('flex flex-col items-center justify-center gap-1.5 px-6 py-10 text-center', className)}>
      {icon === undefined ? null : <div className="mb-2 flex text-faint">{icon}</div>}
      <p className="m-0 text-lg font-semibold text-text">{title}</p>
      {text === undefined ? null : <p className="m-0 max-w-100 text-base text-balance text-muted">{text}</p>}
      {actions === undefined ? null : <div className="mt-3 flex flex-wrap items-center justify-center gap-2">{actions}</div>}
    </div>
  )
}
