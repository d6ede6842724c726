import { DatabaseZap, FilePlus2, History, RefreshCw, Wrench } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallInput } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { RepairReport, RescueState } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { Button, ConfirmDialog, ErrorDetails, ErrorNote, Select, Spinner, useErrorText } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'

type Action = CallInput<'rescue.run'>['action']

/** Says what worked, then lets the window begin anew. */
function Done({ keptAs, report }: { keptAs: string | null; report: RepairReport | null }) {
  const { t } = useTranslation('library')
  const format = useFormat()
  return (
    <div className="flex flex-col gap-3" data-testid="rescue-done">
      <h1 className="m-0 text-xl font-semibold">{t('rescue.done')}</h1>
      {report === null ? null : (
        <p className="m-0">
          {t('rescue.report', { count: report.files, number: format.number(report.files) })}
          {report.gaps > 0 ? ` ${t('rescue.gaps')}` : ''}
        </p>
      )}
      {keptAs === null ? null : <p className="m-0 break-all text-muted">{t('rescue.kept', { path: keptAs })}</p>}
      <div>
        <Button variant="primary" onClick={() => window.location.reload()}>
          {t('rescue.open')}
        </Button>
      </div>
    </div>
  )
}

function Choice({ icon, title, text, children }: { icon: ReactNode; title: string; text: string; children: ReactNode }) {
  return (
    <li className="flex items-start gap-3 border-b border-line py-4 last:border-0">
      <span className="mt-0.5 shrink-0 text-muted">{icon}</span>
      <div className="min-w-0 flex-1">
        <p className="m-0 font-medium">{title}</p>
        <p className="m-0 mt-0.5 text-muted">{text}</p>
      </div>
      <div className="flex shrink-0 items-center gap-2">{children}</div>
    </li>
  )
}

function What({ error }: { error: ErrorData }) {
  const text = useErrorText(error)
  return (
    <>
      <p className="m-0 mt-1 text-muted">{text.what}</p>
      <ErrorDetails error={error} />
    </>
  )
}

/** The window of a library that cannot be used: what is wrong, and the ways out. Nothing is deleted by any of them. */
export function RescueView() {
  const { t } = useTranslation('library')
  const format = useFormat()
  const [state, setState] = useState<RescueState | null>(null)
  const [failed, setFailed] = useState<ErrorData | null>(null)
  const [busy, setBusy] = useState<Action | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const [done, setDone] = useState<{ keptAs: string | null; report: RepairReport | null } | null>(null)
  useEffect(() => {
    call('rescue.state', {}).then(setState, (error: unknown) => setFailed(toAppError(error).toData()))
  }, [])
  const run = (action: Action, backup?: string): void => {
    setBusy(action)
    setFailed(null)
    setAsking(false)
    call('rescue.run', { action, ...(backup === undefined ? {} : { backup }) }).then(
      (result) => (action === 'retry' ? window.location.reload() : setDone(result)),
      (error: unknown) => {
        setBusy(null)
        setFailed(toAppError(error).toData())
      }
    )
  }
  const backups = state?.backups ?? []
  const backup = chosen ?? backups[0]?.name ?? null
  const icon = { size: 18, 'aria-hidden': true } as const
  const damaged = state?.error.code === 'LIBRARY_CORRUPT'
  return (
    <main className="flex h-full items-start justify-center overflow-y-auto bg-bg p-6" data-testid="rescue-view">
      <div className="my-auto w-full max-w-170 rounded-xl border border-line bg-raised p-6 shadow-pop">
        {done !== null ? (
          <Done {...done} />
        ) : state === null && failed === null ? (
          <Spinner />
        ) : (
          <>
            <div className="flex items-start gap-4">
              <span className="flex size-10 shrink-0 items-center justify-center rounded-full bg-danger-soft text-danger">
                <DatabaseZap size={20} aria-hidden="true" />
              </span>
              <div className="min-w-0 flex-1">
                <h1 className="m-0 text-xl font-semibold">{t(damaged ? 'rescue.damaged' : 'rescue.title')}</h1>
                {state === null ? null : <What error={state.error} />}
              </div>
            </div>
            <p className="mt-4 mb-0 rounded-lg bg-sunken px-3 py-2.5">{t('rescue.safe')}</p>
            <ul className="m-0 mt-2 list-none p-0">
              {damaged ? (
                <Choice icon={<Wrench {...icon} />} title={t('rescue.repair')} text={t('rescue.repairText')}>
                  <Button variant="primary" busy={busy === 'repair'} disabled={busy !== null} onClick={() => run('repair')}>
                    {t('rescue.repairButton')}
                  </Button>
                </Choice>
              ) : null}
              <Choice
                icon={<History {...icon} />}
                title={t('rescue.restore')}
                text={backup === null ? t('rescue.noBackup') : t('rescue.restoreText')}
              >
                {backup === null ? null : (
                  <>
                    <Select
                      value={backup}
                      onChange={setChosen}
                      label={t('rescue.restore')}
                      testId="rescue-backup"
                      className="w-48"
                      options={backups.map(({ name, at, sizeBytes }) => ({
                        value: name,
                        label: format.dateTime(at),
                        hint: format.bytes(sizeBytes)
                      }))}
                    />
                    <Button busy={busy === 'restore'} disabled={busy !== null} onClick={() => run('restore', backup)}>
                      {t('rescue.restoreButton')}
                    </Button>
                  </>
                )}
              </Choice>
              <Choice icon={<RefreshCw {...icon} />} title={t('rescue.retry')} text={t('rescue.retryText')}>
                <Button busy={busy === 'retry'} disabled={busy !== null} onClick={() => run('retry')}>
                  {t('rescue.retryButton')}
                </Button>
              </Choice>
              <Choice icon={<FilePlus2 {...icon} />} title={t('rescue.fresh')} text={t('rescue.freshText')}>
                <Button busy={busy === 'fresh'} disabled={busy !== null} onClick={() => setAsking(true)}>
                  {t('rescue.freshButton')}
                </Button>
              </Choice>
            </ul>
            {failed === null ? null : <ErrorNote className="mt-2" error={failed} />}
            {state === null ? null : <p className="m-0 mt-2 text-sm break-all text-faint">{state.path}</p>}
          </>
        )}
      </div>
      {asking ? (
        <ConfirmDialog
          open
          danger={false}
          onClose={() => setAsking(false)}
          title={t('rescue.freshTitle')}
          confirmLabel={t('rescue.freshButton')}
          onConfirm={() => run('fresh')}
        >
          {t('rescue.freshText')}
        </ConfirmDialog>
      ) : null}
    </main>
  )
}
