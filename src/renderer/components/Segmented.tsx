import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

const RAIL = 'inline-flex items-center gap-0.5 rounded-lg bg-rail p-0.5'
const PART =
  'flex h-6.5 items-center gap-1.5 rounded-md px-2.5 text-base whitespace-nowrap text-muted outline-offset-0 transition-colors hover:text-text'

/** One of a few, all visible. */
export function Segmented<T extends string>({
  value,
  onChange,
  options,
  label,
  className
}: {
  value: T
  onChange: (value: T) => void
  options: readonly { value: T; label: ReactNode; count?: string }[]
  label: string
  className?: string
}) {
  return (
    <RadioGroup value={value} onValueChange={(next) => onChange(next as T)} aria-label={label} className={cx(RAIL, className)}>
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          nativeButton
          render={(props) => <button type="button" {...props} />}
          className={cx(PART, 'data-checked:bg-thumb data-checked:font-medium data-checked:text-text data-checked:shadow-sm')}
        >
          {option.label}
          {option.count === undefined ? null : <span className="tabular text-sm text-muted">{option.count}</span>}
        </Radio.Root>
      ))}
    </RadioGroup>
  )
}
