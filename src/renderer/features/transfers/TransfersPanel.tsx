import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { BatchRow } from './BatchRow.tsx'
import { useTransfers } from './store.ts'

/** Batches that the panel shows; the rest is in the transfers view. */
const SHOWN = 8

/** Unfinished batches, then the ones that ended with failures, then the last finished. */
export function TransfersPanel() {
  const { t } = useTranslation('transfers')
  const order = useTransfers(
    useShallow((state) => {
      const rank = (id: number): number => {
        const batch = state.batches[id]
        return batch === undefined ? 3 : batch.finishedAt === null ? 0 : batch.counts.failed > 0 ? 1 : 2
      }
      return state.order.toSorted((a, b) => rank(a) - rank(b)).slice(0, SHOWN)
    })
  )
  return (
    <ul
      aria-label={t('list')}
      className="m-0 max-h-64 list-none divide-y divide-line overflow-y-auto px-4 py-0"
      data-testid="transfers-panel"
    >
      {order.map((id) => (
        <li key={id}>
          <BatchRow batchId={id} />
        </li>
      ))}
    </ul>
  )
}
