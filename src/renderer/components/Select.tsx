import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface SelectOption<T extends string> {
  value: T
  label: string
  /** A quieter second line in the list. */
  hint?: string
  disabled?: boolean
}

/** One of a few. Name it with a Field around it, or with `label`. */
export function Select<T extends string>({
  value,
  onChange,
  options,
  label,
  icon,
  disabled = false,
  className,
  testId
}: {
  value: T
  onChange: (value: T) => void
  options: readonly SelectOption<T>[]
  label?: string
  icon?: ReactNode
  disabled?: boolean
  className?: string
  testId?: string
}) {
  return (
    <Base.Root
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next)
      }}
      disabled={disabled}
    >
      <Base.Trigger
        aria-label={label}
        data-testid={testId}
        className={cx(
          'flex h-7.5 min-w-0 items-center gap-1.5 rounded-md text-base text-text transition-colors data-disabled:opacity-50',
          'border border-control bg-surface pr-1.5 pl-2.5 shadow-sm hover:border-muted data-popup-open:border-accent',
          className
        )}
      >
        {icon === undefined ? null : <span className="flex shrink-0 text-faint">{icon}</span>}
        <Base.Value className="min-w-0 flex-1 truncate text-left" />
        <Base.Icon className="flex shrink-0 text-faint">
          <ChevronsUpDown size={14} aria-hidden="true" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner alignItemWithTrigger={false} sideOffset={4} align="start" className="z-50">
          <Base.Popup className="pop max-h-(--available-height) min-w-(--anchor-width) max-w-90 overflow-y-auto rounded-lg bg-raised p-1 shadow-pop outline-none">
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabled}
                  className="flex min-h-7 items-center gap-2 rounded-md py-1 pr-3 pl-2 text-base text-text outline-none data-disabled:opacity-45 data-highlighted:bg-hover"
                >
                  <span className="flex w-4 shrink-0 text-accent">
                    <Base.ItemIndicator>
                      <Check size={14} aria-hidden="true" />
                    </Base.ItemIndicator>
                  </span>
                  <span className="flex min-w-0 flex-col">
                    <Base.ItemText className="truncate">{option.label}</Base.ItemText>
                    {option.hint === undefined ? null : <span className="text-sm text-muted">{option.hint}</span>}
                  </span>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
