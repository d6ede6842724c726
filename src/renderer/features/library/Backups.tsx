import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallOutput } from '../../../shared/contract.ts'
import type { BackupInfo } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { Button, ConfirmDialog, toastError } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { backUpNow } from './run-copies.ts'

const SHOWN = 5

/** The copies there are: make one, go back to one. */
export function Backups() {
  const { t } = useTranslation('library')
  const format = useFormat()
  const [known, setKnown] = useState<CallOutput<'library.backups'> | null>(null)
  const [busy, setBusy] = useState(false)
  const [all, setAll] = useState(false)
  const [asked, setAsked] = useState<BackupInfo | null>(null)
  const load = useCallback(() => {
    call('library.backups', {}).then(setKnown, toastError)
  }, [])
  useEffect(load, [load])
  const make = (): void => {
    setBusy(true)
    void backUpNow()
      .then(load)
      .finally(() => setBusy(false))
  }
  const reload = (run: Promise<unknown>): void => {
    setBusy(true)
    run
      .then(() => window.location.reload())
      .catch((error: unknown) => {
        setBusy(false)
        toastError(error)
      })
  }
  const backups = known?.backups ?? []
  return (
    <div className="flex flex-col gap-2" data-testid="backups">
      <div className="flex items-center justify-between gap-6">
        <div className="min-w-0">
          <p className="m-0 text-base font-medium text-text">{t('backups.title')}</p>
          <p className="m-0 text-sm break-all text-muted">{known?.folder ?? ''}</p>
        </div>
        <Button busy={busy} onClick={make} className="shrink-0">
          {t('backups.make')}
        </Button>
      </div>
      {known !== null && known.problem !== null ? (
        <div role="alert" className="flex items-center gap-3 rounded-lg bg-danger-soft px-3 py-2">
          <span className="min-w-0 flex-1 text-danger">{t('backups.problem')}</span>
          <Button size="sm" disabled={busy} onClick={() => reload(call('rescue.run', { action: 'repair' }))}>
            {t('rescue.repairButton')}
          </Button>
        </div>
      ) : null}
      {known !== null && backups.length === 0 ? <p className="m-0 text-muted">{t('backups.none')}</p> : null}
      <ul className="m-0 list-none p-0">
        {backups.slice(0, all ? undefined : SHOWN).map((backup) => (
          <li key={backup.name} className="flex min-h-9 items-center gap-3 border-t border-line" data-testid="backup">
            <span className="tabular min-w-0 flex-1 truncate">{format.dateTime(backup.at)}</span>
            <span className="tabular text-muted">{format.bytes(backup.sizeBytes)}</span>
            <Button size="sm" variant="ghost" disabled={busy} onClick={() => setAsked(backup)}>
              {t('backups.restore')}
            </Button>
          </li>
        ))}
      </ul>
      {backups.length > SHOWN && !all ? (
        <Button size="sm" variant="ghost" className="self-start" onClick={() => setAll(true)}>
          {t('backups.all', { number: format.number(backups.length) })}
        </Button>
      ) : null}
      {asked === null ? null : (
        <ConfirmDialog
          open
          onClose={() => setAsked(null)}
          title={t('backups.restoreTitle', { date: format.dateTime(asked.at) })}
          confirmLabel={t('backups.restoreConfirm')}
          busy={busy}
          onConfirm={() => reload(call('rescue.run', { action: 'restore', backup: asked.name }))}
        >
          {t('backups.restoreText')}
        </ConfirmDialog>
      )}
    </div>
  )
}
