import { NumberField as Base } from '@base-ui/react/number-field'
import { Minus, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cx } from './cx.ts'

/** A number with steps. `null` = empty. Name it with a Field around it, or with `label`. */
export function NumberField({
  value,
  onChange,
  min,
  max,
  step = 1,
  unit,
  label,
  disabled = false,
  className
}: {
  value: number | null
  onChange: (value: number | null) => void
  min?: number
  max?: number
  step?: number
  /** Written after the number, such as 'MB'. */
  unit?: string
  label?: string
  disabled?: boolean
  className?: string
}) {
  const { t, i18n } = useTranslation()
  const button = 'flex w-7 items-center justify-center text-muted transition-colors hover:bg-hover hover:text-text disabled:opacity-40'
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => onChange(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      locale={i18n.language}
      className={cx('w-36', className)}
    >
      <Base.Group
        className={cx(
          'flex h-7.5 items-stretch overflow-hidden rounded-md border border-control bg-surface shadow-sm',
          'hover:border-muted focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent',
          'data-invalid:border-danger data-disabled:opacity-50'
        )}
      >
        <Base.Decrement aria-label={t('field.decrease')} className={button}>
          <Minus size={13} aria-hidden="true" />
        </Base.Decrement>
        <div className="flex min-w-0 flex-1 items-center justify-center gap-1 border-x border-line">
          <Base.Input
            aria-label={label}
            className="tabular min-w-0 flex-1 bg-transparent px-1 text-center text-base text-text outline-none"
          />
          {unit === undefined ? null : <span className="pr-2 text-sm text-faint">{unit}</span>}
        </div>
        <Base.Increment aria-label={t('field.increase')} className={button}>
          <Plus size={13} aria-hidden="true" />
        </Base.Increment>
      </Base.Group>
    </Base.Root>
  )
}
