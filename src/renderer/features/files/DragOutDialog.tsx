import { GripVertical } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { BatchView, FileSelection } from '../../../shared/model.ts'
import { call, client } from '../../api/client.ts'
import { Button, Dialog, ErrorNote, Progress, toastError } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'

type State = { drag: string; batchId: number; batch: BatchView | null }

/** Fetches what is selected, then offers it to be dragged: the desktop takes files, not promises. */
function usePrepared(selection: FileSelection): { state: State | null; error: ErrorData | null } {
  const [state, setState] = useState<State | null>(null)
  const [error, setError] = useState<ErrorData | null>(null)
  useEffect(() => {
    let current = true
    let stop: () => void = () => undefined
    const prepare = async (): Promise<void> => {
      const begun = await call('drag.prepare', { selection })
      if (!current) return void call('transfers.control', { action: 'cancel', batchId: begun.batchId })
      const look = (): void => {
        call('transfers.batch', { batchId: begun.batchId }).then(
          (batch) => current && setState({ ...begun, batch }),
          () => undefined
        )
      }
      setState({ ...begun, batch: null })
      stop = client().on('transfers.changed', look)
      look()
    }
    prepare().catch((thrown: unknown) => {
      if (current) setError(toAppError(thrown).toData())
    })
    return () => {
      current = false
      stop()
    }
  }, [selection])
  return { state, error }
}

/** Native windows: files on their way to the desktop or into another program. */
export function DragOutDialog({ selection, onClose }: { selection: FileSelection; onClose: () => void }) {
  const { t } = useTranslation(['files', 'common'])
  const format = useFormat()
  const { state, error } = usePrepared(selection)
  const batch = state?.batch ?? null
  const done = batch?.counts.done ?? 0
  const finished = batch !== null && batch.finishedAt !== null
  const cancel = (): void => {
    if (state !== null && !finished) call('transfers.control', { action: 'cancel', batchId: state.batchId }).catch(toastError)
    onClose()
  }
  return (
    <Dialog
      open
      size="sm"
      testId="drag-out-dialog"
      onClose={cancel}
      title={t('dragOut.title')}
      description={t('dragOut.text')}
      footer={<Button onClick={cancel}>{finished ? t('common:action.close') : t('common:action.cancel')}</Button>}
    >
      {error !== null ? (
        <ErrorNote error={error} />
      ) : !finished ? (
        <Progress
          value={batch === null || batch.totalBytes === 0 ? 0 : batch.doneBytes / batch.totalBytes}
          label={t('dragOut.preparing')}
        />
      ) : (
        <div className="flex flex-col gap-2">
          {done === 0 ? null : (
            // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- dragging has its keyboard twin: Download
            <div
              draggable
              data-testid="drag-out-handle"
              onDragStart={(event) => {
                event.preventDefault()
                if (state !== null) call('drag.start', { drag: state.drag }).catch(toastError)
              }}
              className="flex cursor-grab items-center gap-3 rounded-lg border border-dashed border-accent bg-accent-soft px-4 py-5"
            >
              <GripVertical size={18} className="text-accent" aria-hidden="true" />
              <span className="font-medium">{t('dragOut.ready', { count: done, number: format.number(done) })}</span>
            </div>
          )}
          {batch.counts.failed === 0 ? null : (
            <p role="alert" className="m-0 text-danger">
              {t('dragOut.failed', { count: batch.counts.failed, number: format.number(batch.counts.failed) })}
            </p>
          )}
        </div>
      )}
    </Dialog>
  )
}
