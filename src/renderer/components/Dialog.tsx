import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from './cx.ts'

export type DialogSize = 'sm' | 'md' | 'lg' | 'xl'
const WIDTHS: Record<DialogSize, string> = { sm: 'max-w-100', md: 'max-w-130', lg: 'max-w-180', xl: 'max-w-240' }

/** A modal sheet. With `onSubmit` its content is a form, so that Enter accepts. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  footer,
  size = 'md',
  onSubmit,
  initialFocus,
  tall = false,
  readOnly = false,
  children,
  testId
}: {
  open: boolean
  /** Escape, the cross, or a click outside. */
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  footer?: ReactNode
  size?: DialogSize
  onSubmit?: () => void
  initialFocus?: RefObject<HTMLElement | null>
  /** Takes the height that there is (lists). */
  tall?: boolean
  /** Nothing in it takes the focus: the content does, so that keys scroll it. */
  readOnly?: boolean
  children?: ReactNode
  testId?: string
}) {
  const { t } = useTranslation()
  const content = (
    <>
      <header className="flex items-start gap-3 px-5 pt-4.5 pb-3">
        <div className="min-w-0 flex-1">
          <Base.Title className="m-0 text-lg font-semibold text-text">{title}</Base.Title>
          {description === undefined ? null : <Base.Description className="mt-1 mb-0 text-base text-muted">{description}</Base.Description>}
        </div>
        <Base.Close
          aria-label={t('action.close')}
          className="-mt-1 -mr-2 flex size-7 shrink-0 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-text"
        >
          <X size={16} aria-hidden="true" />
        </Base.Close>
      </header>
      {children === undefined ? null : (
        <div
          {...(readOnly ? { tabIndex: 0 } : {})}
          className={cx('min-h-0 overflow-y-auto px-5 pt-1 pb-4 -outline-offset-2', tall && 'flex flex-1 flex-col')}
        >
          {children}
        </div>
      )}
      {footer === undefined ? null : (
        <footer className="flex flex-wrap items-center justify-end gap-2 rounded-b-xl border-t border-line bg-bg px-5 py-3">
          {footer}
        </footer>
      )}
    </>
  )
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-backdrop" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-start justify-center overflow-hidden px-4 pt-[8vh] pb-[5vh]">
          <Base.Popup
            data-testid={testId}
            initialFocus={initialFocus}
            className={cx(
              'pop flex max-h-full w-full flex-col rounded-xl bg-raised text-text shadow-dialog outline-none',
              WIDTHS[size],
              tall && 'h-160'
            )}
          >
            {onSubmit === undefined ? (
              content
            ) : (
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a key for what its button does
              <form
                noValidate
                className="flex min-h-0 flex-1 flex-col"
                // Enter opens a list or breaks a line where the focus may be: with Ctrl it accepts from everywhere.
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return
                  event.preventDefault()
                  event.stopPropagation()
                  event.currentTarget.querySelector<HTMLElement>('button[type=submit]')?.click()
                }}
                onSubmit={(event) => {
                  event.preventDefault()
                  // A dialog opened from this one is inside it for React, but not for the user.
                  event.stopPropagation()
                  onSubmit()
                }}
              >
                {content}
              </form>
            )}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
