import { Progress as Base } from '@base-ui/react/progress'
import { cx } from './cx.ts'

const TONES = { accent: 'bg-accent', success: 'bg-success', danger: 'bg-danger', warning: 'bg-warning', muted: 'bg-control' } as const

/** A thin bar. `value` 0…1, or null while it is unknown. `label` is read, not shown. */
export function Progress({
  value,
  label,
  text,
  tone = 'accent',
  className
}: {
  value: number | null
  label: string
  /** What is read instead of the percentage. */
  text?: string
  tone?: keyof typeof TONES
  className?: string
}) {
  return (
    <Base.Root
      value={value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10}
      aria-label={label}
      {...(text === undefined ? {} : { getAriaValueText: () => text })}
      className={cx('block min-w-0', className)}
    >
      <Base.Track className="relative h-1.25 w-full overflow-hidden rounded-full bg-active">
        <Base.Indicator
          className={cx(
            'h-full rounded-full',
            TONES[tone],
            value === null ? 'absolute w-1/3 animate-[slide_1.4s_ease-in-out_infinite]' : 'transition-[width] duration-200'
          )}
        />
      </Base.Track>
    </Base.Root>
  )
}
