import { ChevronRight, Stethoscope, TriangleAlert } from 'lucide-react'
import { Suspense, lazy, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../shared/errors.ts'
import { describeError, errorSentences } from '../../shared/error-texts.ts'
import type { ErrorText } from '../../shared/error-texts.ts'
import { canDiagnose, isForConnection, requestWebAddress } from '../app/diagnosis-request.ts'
import type { Language } from '../i18n/index.ts'
import { CopyButton } from './CopyButton.tsx'
import { Button } from './Button.tsx'
import { cx } from './cx.ts'

/** What an error says in the present language. */
export function useErrorText(error: ErrorData): ErrorText {
  const { i18n } = useTranslation()
  return describeError(error, i18n.language as Language)
}

/** The facts behind an error, for a report. */
export function errorDetails(error: ErrorData): string {
  const facts = Object.entries(error.detail ?? {}).filter(([, value]) => value !== undefined)
  return [error.code, error.message, ...facts.map(([key, value]) => `${key}: ${String(value)}`)].join('\n')
}

export function ErrorDetails({ error, centered = false }: { error: ErrorData; centered?: boolean }) {
  const { t } = useTranslation()
  const text = errorDetails(error)
  return (
    <details className={cx('group w-full', centered ? 'text-center' : 'text-left')}>
      <summary className="inline-flex list-none items-center gap-1 rounded-sm text-sm text-muted hover:text-text">
        <ChevronRight size={13} className="transition-transform group-open:rotate-90" aria-hidden="true" />
        {t('error.details')}
      </summary>
      <div className="relative mt-1.5 rounded-md bg-sunken p-2.5 pr-9 text-left">
        <pre className="m-0 overflow-x-auto font-mono text-sm whitespace-pre-wrap text-muted select-text">{text}</pre>
        <div className="absolute top-1 right-1">
          <CopyButton text={text} label={t('error.copyDetails')} />
        </div>
      </div>
    </details>
  )
}

const DiagnosisDialog = lazy(async () => ({ default: (await import('../features/connections/DiagnosisDialog.tsx')).DiagnosisDialog }))

/**
 * Offered beside errors of the network: the test of the connection says which hop is at fault and what to do. It opens over what is
 * there, a form as well, and takes nothing of it away.
 */
function DiagnoseButton({ size }: { size?: 'sm' }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size={size ?? 'md'} icon={<Stethoscope size={size === 'sm' ? 13 : 15} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {t('error.diagnose')}
      </Button>
      {open ? (
        <Suspense fallback={null}>
          <DiagnosisDialog onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}

/** A whole area that could not be shown: what happened, what to do next, and the facts. */
export function ErrorState({
  error,
  title,
  onRetry,
  actions,
  className
}: {
  error: ErrorData
  /** Otherwise what the error says. */
  title?: ReactNode
  onRetry?: () => void
  actions?: ReactNode
  className?: string
}) {
  const { t, i18n } = useTranslation()
  const text = useErrorText(error)
  return (
    <div
      role="alert"
      className={cx('mx-auto flex max-w-110 flex-col items-center justify-center gap-1.5 px-6 py-10 text-center', className)}
    >
      <div className="mb-2 flex size-10 items-center justify-center rounded-full bg-danger-soft text-danger">
        <TriangleAlert size={20} aria-hidden="true" />
      </div>
      <p className="m-0 text-lg font-semibold text-balance text-text">{title ?? text.what}</p>
      <p className="m-0 text-base text-balance text-muted">
        {title === undefined ? text.next : errorSentences(text, i18n.language as Language)}
      </p>
      <div className="mt-3 mb-2 flex flex-wrap items-center justify-center gap-2">
        {onRetry === undefined ? null : <Button onClick={onRetry}>{t('action.retry')}</Button>}
        {canDiagnose(error) ? <DiagnoseButton /> : null}
        {actions}
      </div>
      <ErrorDetails error={error} centered />
    </div>
  )
}

/** An error beside other content: in dialogs, panes and forms. `diagnosable`: false where it is the test of a connection itself. */
export function ErrorNote({
  error,
  onRetry,
  diagnosable = true,
  className
}: {
  error: ErrorData
  onRetry?: () => void
  diagnosable?: boolean
  className?: string
}) {
  const { t } = useTranslation()
  const text = useErrorText(error)
  return (
    <div role="alert" className={cx('flex gap-2.5 rounded-lg bg-danger-soft p-3 text-base text-text', className)}>
      <TriangleAlert size={16} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="m-0 font-medium">{text.what}</p>
        <p className="m-0 text-muted">{text.next}</p>
        <ErrorDetails error={error} />
        {onRetry === undefined && !(diagnosable && canDiagnose(error)) && !isForConnection(error) ? null : (
          <div className="mt-1 flex flex-wrap gap-2">
            {onRetry === undefined ? null : (
              <Button size="sm" onClick={onRetry}>
                {t('action.retry')}
              </Button>
            )}
            {diagnosable && canDiagnose(error) ? <DiagnoseButton size="sm" /> : null}
            {isForConnection(error) ? (
              <Button size="sm" onClick={requestWebAddress}>
                {t('error.editConnection')}
              </Button>
            ) : null}
          </div>
        )}
      </div>
    </div>
  )
}
