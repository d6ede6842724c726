import { Suspense, lazy, useEffect } from 'react'
import type { BatchView } from '../../../shared/model.ts'
import { ask, useQuestion } from './dialogs.ts'
import { useTransfers } from './store.ts'

// Fetched with the first question.
const CancelDialog = lazy(async () => ({ default: (await import('./CancelDialog.tsx')).CancelDialog }))
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
  const question = useQuestion((state) => state.question)
  const close = (): void => ask({ tag: 'none' })
  if (question.tag === 'none') return null
  return (
    <Suspense fallback={null}>
      {question.tag === 'conflicts' ? (
        <ConflictDialog key={question.batchId} batchId={question.batchId} onClose={close} />
      ) : (
        <CancelDialog batchId={question.tag === 'cancelBatch' ? question.batchId : null} onClose={close} />
      )}
    </Suspense>
  )
}
