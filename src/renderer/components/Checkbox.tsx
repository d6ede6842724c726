import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'

/** With a visible label beside it. */
export function Checkbox({
  checked,
  onChange,
  indeterminate = false,
  disabled = false,
  hint,
  children
}: {
  checked: boolean
  onChange: (checked: boolean) => void
  indeterminate?: boolean
  disabled?: boolean
  hint?: ReactNode
  children: ReactNode
}) {
  return (
    <label className="flex items-start gap-2 text-base text-text">
      <Base.Root
        checked={checked}
        onCheckedChange={(next) => onChange(next)}
        indeterminate={indeterminate}
        disabled={disabled}
        className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-surface text-accent-contrast transition-colors data-checked:border-accent data-checked:bg-accent data-disabled:opacity-45 data-indeterminate:border-accent data-indeterminate:bg-accent"
      >
        <Base.Indicator className="flex">
          {indeterminate ? <Minus size={12} strokeWidth={3} aria-hidden="true" /> : <Check size={12} strokeWidth={3} aria-hidden="true" />}
        </Base.Indicator>
      </Base.Root>
      <span className="flex min-w-0 flex-col">
        <span>{children}</span>
        {hint === undefined ? null : <span className="text-sm text-muted">{hint}</span>}
      </span>
    </label>
  )
}
