import type { ErrorInfo, ReactNode } from 'react'
import { Component } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../shared/errors.ts'
import { toAppError } from '../../shared/errors.ts'
import { Button, ErrorDetails } from '../components/index.ts'

function Crashed({ error }: { error: ErrorData }) {
  const { t } = useTranslation()
  return (
    <div role="alert" className="mx-auto flex h-full max-w-110 flex-col items-center justify-center gap-2 p-6 text-center">
      <p className="m-0 text-lg font-semibold">{t('error.crashed')}</p>
      <p className="m-0 text-muted">{t('error.crashedText')}</p>
      <Button variant="primary" className="my-2" onClick={() => window.location.reload()}>
        {t('error.reload')}
      </Button>
      <ErrorDetails error={error} />
    </div>
  )
}

/** A mistake in one part of the window must not take the rest with it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: ErrorData | null }> {
  override state: { error: ErrorData | null } = { error: null }

  static getDerivedStateFromError(thrown: unknown): { error: ErrorData } {
    return { error: toAppError(thrown).toData() }
  }

  override componentDidCatch(thrown: Error, info: ErrorInfo): void {
    console.error(thrown, info.componentStack)
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Crashed error={this.state.error} />
  }
}
