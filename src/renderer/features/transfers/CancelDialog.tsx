import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { control } from './actions.ts'
import { unfinished, useTransfers } from './store.ts'
import { useWords } from './words.ts'

/** Asks before a batch is cancelled, or everything (`batchId` null). */
export function CancelDialog({ batchId, onClose }: { batchId: number | null; onClose: () => void }) {
  const { t } = useTranslation('transfers')
  const format = useFormat()
  const words = useWords()
  const batch = useTransfers((state) => (batchId === null ? undefined : state.batches[batchId]))
  const all = useTransfers((state) => state.totals.counts)
  const counts = batchId === null ? all : batch?.counts
  const rest = counts === undefined ? 0 : unfinished(counts)
  const done = counts === undefined ? 0 : counts.done
  return (
    <ConfirmDialog
      open={counts !== undefined}
      onClose={onClose}
      onConfirm={() => {
        control({ action: 'cancel', ...(batchId === null ? {} : { batchId }) })
        onClose()
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
