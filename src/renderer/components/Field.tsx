import { Field as Base } from '@base-ui/react/field'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** Label, control, hint and error, tied together for assistive technology. */
export function Field({
  label,
  hint,
  error,
  hideLabel = false,
  inline = false,
  className,
  children
}: {
  label: ReactNode
  hint?: ReactNode
  /** Shown instead of the hint; also marks the control as invalid. */
  error?: ReactNode
  hideLabel?: boolean
  /** Control at the end of the label's line (switches, short selects). */
  inline?: boolean
  className?: string
  children: ReactNode
}) {
  const bad = error !== undefined && error !== null && error !== false && error !== ''
  const labelNode = <Base.Label className={cx('text-base font-medium text-text', hideLabel && 'sr-only')}>{label}</Base.Label>
  const note = bad ? (
    <Base.Error match className="text-sm text-danger">
      {error}
    </Base.Error>
  ) : hint === undefined ? null : (
    <Base.Description className="m-0 text-sm text-muted">{hint}</Base.Description>
  )
  if (inline)
    return (
      <Base.Root invalid={bad} className={cx('flex items-center justify-between gap-6', className)}>
        <div className="flex min-w-0 flex-col gap-0.5">
          {labelNode}
          {note}
        </div>
        <div className="shrink-0">{children}</div>
      </Base.Root>
    )
  return (
    <Base.Root invalid={bad} className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      {labelNode}
      {children}
      {note}
    </Base.Root>
  )
}
