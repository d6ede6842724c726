import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { control } from './actions.ts'
import { ask, useQuestion } from './dialogs.ts'
import { unfinished, useTransfers } from './store.ts'
import { useWords } from './words.ts'

/** What must be confirmed: cancelling more than one file. */
export function Questions() {
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
