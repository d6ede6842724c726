import { AppError } from '../../shared/errors.ts'

interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}

/** Aborted with ABORTED at the first Ctrl-C (or SIGTERM): what runs is stopped cleanly. The second one does not wait for anything. */
export function interruptedBy(source: SignalSource, exit: (status: number) => void): AbortSignal {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) exit(130)
    else controller.abort(new AppError('ABORTED'))
  }
  source.on('SIGINT', interrupt)
  source.on('SIGTERM', interrupt)
  return controller.signal
}
