import { Suspense, lazy, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { BatchView } from '../../../shared/model.ts'
import { ConfirmDialog } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { control } from './actions.ts'
import { ask, useQuestion } from './dialogs.ts'
import { unfinished, useTransfers } from './store.ts'
import { useWords } from './words.ts'

const ConflictDialog = lazy(async () => ({ default: (await import('./ConflictDialog.tsx')).ConflictDialog }))

/** Batches whose conflicts were asked about in this window: nobody is asked twice unasked. */
const asked = new Set<number>()

/** Asks by itself, once for each batch, when all of its files are known. */
function useConflictQuestion(): void {
  const waiting = useTransfers((state) => state.order.find((id) => needsAnswer(state.batches[id]) && !asked.has(id)))
  const free = useQuestion((state) => state.question.tag === 'none')
  useEffect(() => {
    if (waiting === undefined || !free) return
    asked.add(waiting)
    ask({ tag: 'conflicts', batchId: waiting })
  }, [waiting, free])
}

function needsAnswer(batch: BatchView | undefined): boolean {
  return batch !== undefined && batch.conflicts > 0 && !batch.scanning && !batch.paused
}

/** What must be confirmed, cancelling more than one file; and what only the user can decide. */
export function Questions() {
  useConflictQuestion()
  const { t } = useTranslation('transfers')
  const format = useFormat()
  const words = useWords()
  const question = useQuestion((state) => state.question)
  const batch = useTransfers((state) => (question.tag === 'cancelBatch' ? state.batches[question.batchId] : undefined))
  const totals = useTransfers((state) => (question.tag === 'cancelAll' ? state.totals : null))
  const counts = batch?.counts ?? totals?.counts
  const close = (): void => ask({ tag: 'none' })
  const open = counts !== undefined
  const rest = counts === undefined ? 0 : unfinished(counts)
  const done = counts === undefined ? 0 : counts.done
  if (question.tag === 'conflicts')
    return (
      <Suspense fallback={null}>
        <ConflictDialog key={question.batchId} batchId={question.batchId} onClose={close} />
      </Suspense>
    )
  return (
    <ConfirmDialog
      open={open}
      onClose={close}
      onConfirm={() => {
        control({ action: 'cancel', ...(question.tag === 'cancelBatch' ? { batchId: question.batchId } : {}) })
        close()
      }}
      title={batch ? t('cancel.title', { name: words.title(batch) }) : t('cancel.titleAll')}
      confirmLabel={batch ? t('cancel.confirm') : t('cancel.confirmAll')}
      cancelLabel={t('cancel.keep')}
      testId="transfers-cancel-dialog"
    >
      <p className="m-0">
        {t('cancel.rest', { count: rest, n: format.number(rest) })}{' '}
        {done > 0 ? t('cancel.done', { count: done, n: format.number(done) }) : null}
      </p>
    </ConfirmDialog>
  )
}
