import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileSelection } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { Checkbox, ConfirmDialog, ErrorNote, Spinner, toast, toastError } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { Affected } from '../trash/Affected.tsx'
import { ProductionConsent, useProduction } from '../trash/production.tsx'
import { useAffected } from '../trash/use-affected.ts'
import { useFilesActions } from './context.tsx'
import { SummaryLine, SummaryNames } from './SummaryLine.tsx'
import { useSubmit } from './use-submit.ts'
import { useSummary } from './use-summary.ts'

interface Props {
  selection: FileSelection
  onClose: () => void
}

/** Names what will go, and who else uses it: into the trash, or from the servers at once. */
export function DeleteDialog({ selection, onClose }: Props) {
  const { t } = useTranslation(['files', 'trash', 'common'])
  const format = useFormat()
  const actions = useFilesActions()
  const target = useMemo(() => ({ selection }), [selection])
  const { summary, error: unknown } = useSummary(target)
  const { busy, error, submit } = useSubmit()
  const shown = error ?? unknown
  const affected = useAffected(selection)
  const production = useProduction()
  const days = useInfo((info) => info.settings.trashDays)
  const [atOnce, setAtOnce] = useState(days === 0)
  const [withSlaves, setWithSlaves] = useState(false)
  const count = summary?.count ?? 0

  const remove = async (): Promise<void> => {
    const confirmed = production.agreed
    const more = withSlaves && affected !== null && affected.slaveIds.length > 0 ? { ids: affected.slaveIds } : null
    if (atOnce) {
      await call('transfers.delete', { selection, confirmed })
      if (more !== null) await call('transfers.delete', { selection: more, confirmed })
      return
    }
    const moved = await call('trash.put', { selection, confirmed })
    const slaves = more === null ? { ids: [], count: 0 } : await call('trash.put', { selection: more, confirmed })
    const all = moved.count + slaves.count
    const ids = [...moved.ids, ...slaves.ids]
    const back = (): void => {
      call('trash.restore', { ids }).catch(toastError)
    }
    toast({
      kind: 'success',
      key: 'trash',
      title: t('trash:moved', { count: all, number: format.number(all) }),
      ...(ids.length === all ? { action: { label: t('trash:undo'), onClick: back } } : {})
    })
  }
  return (
    <ConfirmDialog
      open
      danger={atOnce}
      onClose={onClose}
      testId="delete-dialog"
      title={
        summary === null ? t('delete.titleAny') : t('delete.title', { count, number: format.number(count), name: summary.names[0] ?? '' })
      }
      confirmLabel={atOnce ? t('delete.confirm') : t('trash:delete.confirm')}
      busy={busy}
      confirmDisabled={summary === null || count === 0 || !production.agreed}
      onConfirm={() =>
        submit(remove, () => {
          actions.clearSelection()
          onClose()
        })
      }
    >
      <div className="flex flex-col gap-3">
        <p className="m-0">{atOnce ? t('delete.text') : t('trash:delete.text', { count: days })}</p>
        {summary === null && unknown === null ? <Spinner /> : null}
        {summary === null ? null : (
          <>
            <SummaryNames summary={summary} />
            <p className="m-0 font-medium text-text">
              <SummaryLine summary={summary} />
            </p>
          </>
        )}
        <Affected affected={affected} days={atOnce ? 0 : days} withSlaves={withSlaves} onWithSlaves={setWithSlaves} />
        {days === 0 ? null : (
          <Checkbox checked={atOnce} onChange={setAtOnce} hint={t('trash:delete.atOnceHint')}>
            {t('trash:delete.atOnce')}
          </Checkbox>
        )}
        <ProductionConsent production={production} />
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
