import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from './cx.ts'
import { Spinner } from './Spinner.tsx'
import { Tooltip } from './Tooltip.tsx'

export type ButtonVariant = 'primary' | 'default' | 'ghost' | 'danger'
export type ButtonSize = 'sm' | 'md' | 'lg'

const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-accent-contrast hover:bg-accent-hover shadow-sm',
  default: 'bg-raised text-text border border-line-strong hover:bg-hover shadow-sm',
  ghost: 'hover:bg-hover data-popup-open:bg-hover',
  danger: 'bg-danger text-danger-contrast hover:bg-danger-hover shadow-sm'
}
const SIZES: Record<ButtonSize, string> = {
  sm: 'h-6 gap-1 px-2 text-sm rounded-md',
  md: 'h-7.5 gap-1.5 px-3 text-base rounded-md',
  lg: 'h-9 gap-2 px-4 text-base rounded-lg'
}
const BASE =
  'inline-flex shrink-0 items-center justify-center whitespace-nowrap font-medium transition-colors duration-100 ' +
  'disabled:pointer-events-none disabled:opacity-45 aria-disabled:pointer-events-none aria-disabled:opacity-45'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  /** Shows a spinner and takes no clicks. */
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function Button({ variant = 'default', size = 'md', icon, busy = false, children, className, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      data-variant={variant}
      className={cx(BASE, VARIANTS[variant], SIZES[size], variant === 'ghost' && 'text-text', className)}
    >
      {busy ? <Spinner size={14} /> : icon}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  /** Accessible name and tooltip. */
  label: string
  icon: ReactNode
  variant?: ButtonVariant
  size?: ButtonSize
  shortcut?: string
  /** Colour classes of a ghost button, instead of the usual ones. */
  tone?: string
  ref?: Ref<HTMLButtonElement>
}

const SQUARE: Record<ButtonSize, string> = { sm: 'size-6 rounded-md', md: 'size-7.5 rounded-md', lg: 'size-9 rounded-lg' }

export function IconButton({ label, icon, variant = 'ghost', size = 'md', shortcut, tone, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={cx(BASE, VARIANTS[variant], SQUARE[size], variant === 'ghost' && (tone ?? 'text-muted hover:text-text'), className)}
      >
        {icon}
      </button>
    </Tooltip>
  )
}
