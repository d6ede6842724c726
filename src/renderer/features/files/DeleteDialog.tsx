import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileSelection } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { Checkbox, ConfirmDialog, ErrorNote, Spinner } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFilesActions } from './context.tsx'
import { SummaryLine, SummaryNames } from './SummaryLine.tsx'
import { useSubmit } from './use-submit.ts'
import { useSummary } from './use-summary.ts'

interface Props {
  selection: FileSelection
  onClose: () => void
}

/** Names what will be gone before it is. */
export function DeleteDialog({ selection, onClose }: Props) {
  const { t } = useTranslation(['files', 'common'])
  const format = useFormat()
  const actions = useFilesActions()
  const target = useMemo(() => ({ selection }), [selection])
  const { summary, error: unknown } = useSummary(target)
  const { busy, error, submit } = useSubmit()
  const shown = error ?? unknown
  const production = useInfo((info) => {
    const profile = activeProfile(info)
    return profile?.environment === 'production' ? profile : null
  })
  /** In production the button alone is not enough. */
  const [agreed, setAgreed] = useState(false)
  const count = summary?.count ?? 0
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      testId="delete-dialog"
      title={
        summary === null ? t('delete.titleAny') : t('delete.title', { count, number: format.number(count), name: summary.names[0] ?? '' })
      }
      confirmLabel={t('delete.confirm')}
      busy={busy}
      confirmDisabled={summary === null || count === 0 || (production !== null && !agreed)}
      onConfirm={() =>
        submit(
          () => call('transfers.delete', { selection }),
          () => {
            actions.clearSelection()
            onClose()
          }
        )
      }
    >
      <div className="flex flex-col gap-3">
        <p className="m-0">{t('delete.text')}</p>
        {summary === null && unknown === null ? <Spinner /> : null}
        {summary === null ? null : (
          <>
            <SummaryNames summary={summary} />
            <p className="m-0 font-medium text-text">
              <SummaryLine summary={summary} />
            </p>
          </>
        )}
        {production === null ? null : (
          <Checkbox checked={agreed} onChange={setAgreed} hint={t('delete.productionHint')}>
            {t('delete.production', { name: production.builtIn ? t('common:connection.builtIn') : production.name })}
          </Checkbox>
        )}
        {shown === null ? null : <ErrorNote error={shown} />}
      </div>
    </ConfirmDialog>
  )
}

/** Takes files out of the library; the servers keep them. */
export function ForgetDialog({ selection, onClose }: Props) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const actions = useFilesActions()
  const target = useMemo(() => ({ selection }), [selection])
  const { summary, error: unknown } = useSummary(target)
  const { busy, error, submit } = useSubmit()
  const shown = error ?? unknown
  const count = summary?.count ?? 0
  return (
    <ConfirmDialog
      open
      danger={false}
      onClose={onClose}
      testId="forget-dialog"
      title={
        summary === null ? t('forget.titleAny') : t('forget.title', { count, number: format.number(count), name: summary.names[0] ?? '' })
      }
      confirmLabel={t('forget.confirm')}
      busy={busy}
      confirmDisabled={summary === null || count === 0}
      onConfirm={() =>
        submit(
          () => call('files.forget', { selection }),
          () => {
            actions.clearSelection()
            onClose()
          }
        )
      }
    >
      <div className="flex flex-col gap-3">
        <p className="m-0">{t('forget.text')}</p>
        {summary === null ? null : <SummaryNames summary={summary} />}
        {shown === null ? null : <ErrorNote error={shown} />}
      </div>
    </ConfirmDialog>
  )
}
