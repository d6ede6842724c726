import { ArrowDownUp, Pause, Play, RotateCcw, Trash2, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { control } from '../../transfers/actions.ts'
import { ask } from '../../transfers/dialogs.ts'
import { useBatchActions } from '../../transfers/menus.tsx'
import { unfinished, useTransfers } from '../../transfers/store.ts'
import { useWords } from '../../transfers/words.ts'
import type { Action } from '../action.ts'
import { usePriorityActions } from './priorities.ts'

/** Batches that the palette names: it is no list of transfers. */
const NAMED = 5

/** What can be done with all transfers, and with each of the newest batches. */
export function useTransferActions(): Action[] {
  const { t } = useTranslation('palette')
  const words = useWords()
  const section = t('section.transfers')
  const priorities = usePriorityActions(section)
  const actionsOf = useBatchActions()
  // As it is now: a hundred thousand transfers would render what lists them six times a second.
  const { order, batches, totals } = useTransfers.getState()
  const open = unfinished(totals.counts) > 0 || totals.activeBatches > 0
  const { paused } = totals
  const failed = order.some((id) => (batches[id]?.counts.failed ?? 0) > 0)
  const finished = order.some((id) => batches[id]?.finishedAt != null)
  const list: Action[] = []
  const add = (id: string, label: string, icon: LucideIcon, run: () => void): void => {
    list.push({ id, label, section, icon, run })
  }
  if (open && !paused) add('pause', t('action.pause'), Pause, () => control({ action: 'pause' }))
  if (paused) add('resume', t('action.resume'), Play, () => control({ action: 'resume' }))
  if (failed) add('retry', t('action.retry'), RotateCcw, () => control({ action: 'retry' }))
  if (finished) add('remove-finished', t('action.removeFinished'), Trash2, () => control({ action: 'remove' }))
  if (open) add('cancel-all', t('action.cancelAll'), X, () => ask({ tag: 'cancelAll' }))
  for (const batch of order.slice(0, NAMED).flatMap((id) => batches[id] ?? [])) {
    for (const { id, label, run, items } of actionsOf(batch)) {
      // The priorities have entries of their own.
      if (items !== undefined) continue
      list.push({
        id: `batch-${batch.id}-${id}`,
        label: t('action.ofBatch', { action: label, name: words.title(batch) }),
        section,
        icon: ArrowDownUp,
        typedOnly: true,
        verb: label,
        run
      })
    }
  }
  return [...list, ...priorities]
}
