import { SignalHigh } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { prioritise } from '../../transfers/actions.ts'
import { useTransfers } from '../../transfers/store.ts'
import { useWords } from '../../transfers/words.ts'
import type { Action } from '../action.ts'

/** Batches that the palette names: it is no list of transfers. */
const SHOWN = 3

/** The other priorities of the newest unfinished batches. */
export function usePriorityActions(section: string): Action[] {
  const { t } = useTranslation('batches')
  const words = useWords()
  const { order, batches } = useTransfers.getState()
  const unfinished = order.flatMap((id) => (batches[id]?.finishedAt === null ? [batches[id]] : [])).slice(0, SHOWN)
  return unfinished.flatMap((batch) =>
    (['high', 'normal', 'low'] as const)
      .filter((priority) => priority !== batch.priority)
      .map((priority): Action => ({
        id: `priority-${batch.id}-${priority}`,
        label: t(`priority.set.${priority}`, { name: words.title(batch) }),
        section,
        icon: SignalHigh,
        typedOnly: true,
        verb: t(`priority.set.${priority}`, { name: '' }),
        run: () => prioritise(batch.id, priority)
      }))
  )
}
