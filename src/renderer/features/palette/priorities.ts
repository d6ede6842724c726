import { SignalHigh } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { prioritise } from '../transfers/actions.ts'
import { useTransfers } from '../transfers/store.ts'
import { useWords } from '../transfers/words.ts'
import type { Action } from './use-actions.tsx'

/** Batches that the palette names: it is no list of transfers. */
const SHOWN = 3

/** The other priorities of the newest unfinished batches. */
export function usePriorityActions(section: string): Action[] {
  const { t } = useTranslation('batches')
  const words = useWords()
  const batches = useTransfers(
    useShallow((state) => state.order.flatMap((id) => (state.batches[id]?.finishedAt === null ? [state.batches[id]] : [])).slice(0, SHOWN))
  )
  return batches.flatMap((batch) =>
    (['high', 'normal', 'low'] as const)
      .filter((priority) => priority !== batch.priority)
      .map((priority) => ({
        id: `priority-${batch.id}-${priority}`,
        label: t(`priority.set.${priority}`, { name: words.title(batch) }),
        section,
        icon: SignalHigh,
        run: () => prioritise(batch.id, priority)
      }))
  )
}
