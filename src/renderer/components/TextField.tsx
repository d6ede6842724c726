import { Field as Base } from '@base-ui/react/field'
import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react'
import { cx } from './cx.ts'

const BOX = 'border-control bg-surface shadow-sm hover:border-muted'
const QUIET = 'border-transparent bg-sunken hover:bg-hover focus:bg-surface'
const INPUT =
  'w-full min-w-0 rounded-md border px-2.5 text-base text-text transition-colors ' +
  'focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent disabled:opacity-50 ' +
  'aria-invalid:border-danger aria-invalid:focus:outline-danger'

export interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'defaultValue'> {
  value: string
  onChange: (value: string) => void
  /** Inside the box, before the text. */
  icon?: ReactNode
  /** Inside the box, after the text. */
  end?: ReactNode
  mono?: boolean
  /** Filled instead of framed, for search fields in toolbars. */
  quiet?: boolean
  /** For the box; `className` goes to the input itself. */
  boxClassName?: string
  ref?: Ref<HTMLInputElement>
}

/** One line of text. Name it with a Field around it, or with aria-label. */
export function TextField({
  value,
  onChange,
  icon,
  end,
  mono = false,
  quiet = false,
  className,
  boxClassName,
  ref,
  ...rest
}: TextFieldProps) {
  return (
    <div className={cx('relative flex min-w-0 items-center', boxClassName)}>
      {icon === undefined ? null : <span className="pointer-events-none absolute left-2 flex text-faint">{icon}</span>}
      <Base.Control
        ref={ref}
        spellCheck={false}
        {...rest}
        value={value}
        onValueChange={(next) => onChange(next)}
        className={cx(
          INPUT,
          quiet ? QUIET : BOX,
          'h-7.5',
          icon !== undefined && 'pl-7.5',
          end !== undefined && 'pr-8',
          mono && 'font-mono text-sm',
          className
        )}
      />
      {end === undefined ? null : <span className="absolute right-1 flex items-center text-faint">{end}</span>}
    </div>
  )
}

export interface TextAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'defaultValue'> {
  value: string
  onChange: (value: string) => void
  mono?: boolean
  ref?: Ref<HTMLTextAreaElement>
}

export function TextArea({ value, onChange, mono = false, className, ...rest }: TextAreaProps) {
  return (
    <Base.Control
      value={value}
      onValueChange={(next) => onChange(next)}
      render={
        <textarea
          spellCheck={false}
          rows={4}
          {...rest}
          className={cx(INPUT, BOX, 'resize-none py-1.5', mono && 'font-mono text-sm', className)}
        />
      }
    />
  )
}
