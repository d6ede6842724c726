import { Toast } from '@base-ui/react/toast'
import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorDetails } from './ErrorState.tsx'
import type { ToastExtra } from './toast.ts'
import { showToastsBy } from './toast.ts'

const toasts = Toast.createToastManager<ToastExtra>()

const ICONS = {
  info: <Info size={16} className="mt-0.5 shrink-0 text-accent" aria-hidden="true" />,
  success: <CircleCheck size={16} className="mt-0.5 shrink-0 text-success" aria-hidden="true" />,
  error: <TriangleAlert size={16} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
}

function List() {
  const { t } = useTranslation()
  const manager = Toast.useToastManager<ToastExtra>()
  return manager.toasts.map((item) => (
    <Toast.Root
      key={item.id}
      toast={item}
      swipeDirection={['right', 'down']}
      className="fade w-full rounded-lg bg-raised text-text shadow-pop data-limited:hidden"
    >
      <Toast.Content className="flex gap-2.5 p-3">
        {ICONS[item.type as keyof typeof ICONS] ?? ICONS.info}
        <div className="flex min-w-0 flex-1 flex-col gap-1 wrap-anywhere">
          <Toast.Title className="m-0 text-base font-medium" />
          <Toast.Description className="m-0 text-base text-muted" />
          {item.data?.error ? <ErrorDetails error={item.data.error} /> : null}
          {item.actionProps ? (
            <Toast.Action className="mt-0.5 self-start rounded-sm text-base font-medium text-accent hover:text-accent-hover" />
          ) : null}
        </div>
        <Toast.Close
          aria-label={t('action.dismiss')}
          className="-mt-1 -mr-1 flex size-6 shrink-0 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-text"
        >
          <X size={14} aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}

/** Once in the window. */
export function Toasts() {
  const { t } = useTranslation()
  // After the provider's own effects: it listens by then.
  useEffect(() => showToastsBy(toasts), [])
  return (
    <Toast.Provider toastManager={toasts} limit={4}>
      <Toast.Portal>
        <Toast.Viewport
          aria-label={t('toasts.region')}
          data-testid="toasts"
          className="fixed right-4 bottom-12 z-50 flex w-90 max-w-[calc(100vw-2rem)] flex-col gap-2"
        >
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}
