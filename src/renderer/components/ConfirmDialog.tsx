import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.tsx'

/** Asks before something that cannot be undone. The safe button has the focus: Enter alone destroys nothing. */
export function ConfirmDialog({
  open,
  onClose,
  onConfirm,
  title,
  confirmLabel,
  cancelLabel,
  danger = true,
  busy = false,
  confirmDisabled = false,
  children,
  testId
}: {
  open: boolean
  onClose: () => void
  onConfirm: () => void
  title: ReactNode
  confirmLabel: string
  /** Where 'Cancel' would be taken for the answer (cancel a transfer?). */
  cancelLabel?: string
  danger?: boolean
  busy?: boolean
  confirmDisabled?: boolean
  children?: ReactNode
  testId?: string
}) {
  const { t } = useTranslation()
  const cancel = useRef<HTMLButtonElement>(null)
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-backdrop" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-start justify-center px-4 pt-[14vh] pb-[5vh]">
          <Base.Popup
            data-testid={testId}
            initialFocus={cancel}
            className="pop flex max-h-full w-full max-w-110 flex-col rounded-xl bg-raised text-text shadow-dialog outline-none"
          >
            <div className="min-h-0 overflow-y-auto px-5 pt-4.5 pb-4">
              <Base.Title className="m-0 text-lg font-semibold">{title}</Base.Title>
              <Base.Description render={<div />} className="mt-2 text-base text-muted">
                {children}
              </Base.Description>
            </div>
            <footer className="flex items-center justify-end gap-2 rounded-b-xl border-t border-line bg-bg px-5 py-3">
              <Base.Close render={<Button ref={cancel}>{cancelLabel ?? t('action.cancel')}</Button>} />
              <Button variant={danger ? 'danger' : 'primary'} onClick={onConfirm} busy={busy} disabled={confirmDisabled}>
                {confirmLabel}
              </Button>
            </footer>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
