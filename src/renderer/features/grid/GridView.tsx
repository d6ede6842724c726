import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, ConfirmDialog, EmptyState, ErrorNote, ErrorState, LiveRegion, Progress } from '../../components/index.ts'
import { useInfo } from '../../app/app-info.ts'
import { useFormat } from '../../i18n/format.ts'
import { navigate } from '../../app/navigation.ts'
import { closeGridDialog, openKeyDialog, useGridDialog } from './dialogs.ts'
import { GridTable } from './GridTable.tsx'
import { GridToolbar } from './GridToolbar.tsx'
import { HistoryDialog } from './HistoryDialog.tsx'
import { KeyDialog } from './KeyDialog.tsx'
import { leaveGrid } from './leave.ts'
import { closeGrid, MAX_GRID_ROWS, useOpenGrid } from './open.ts'
import { ReplaceDialog } from './ReplaceDialog.tsx'
import { ReviewDialog } from './ReviewDialog.tsx'
import { retryWritten, startSession, stopReading, undoWritten, useGrid } from './session.ts'
import { TemplatesDialog } from './TemplatesDialog.tsx'
import { runWriting } from './run-writing.ts'

function Dialogs() {
  const { t } = useTranslation('grid')
  const open = useGridDialog((state) => state.open)
  switch (open?.type) {
    case undefined:
      return null
    case 'key':
      return <KeyDialog input={open.input} onClose={closeGridDialog} />
    case 'replace':
      return <ReplaceDialog onClose={closeGridDialog} />
    case 'review':
      return <ReviewDialog onClose={closeGridDialog} />
    case 'history':
      return <HistoryDialog onClose={closeGridDialog} />
    case 'templates':
      return <TemplatesDialog onClose={closeGridDialog} />
    case 'leave':
      return (
        <ConfirmDialog
          open
          testId="grid-leave"
          onClose={closeGridDialog}
          title={t('leave.title')}
          confirmLabel={t('leave.confirm')}
          cancelLabel={t('leave.stay')}
          onConfirm={() => {
            closeGridDialog()
            closeGrid()
          }}
        >
          {t('leave.text')}
        </ConfirmDialog>
      )
  }
}

/** One line under the toolbar: what is being read or written, and what became of it. */
function Progressing() {
  const { t } = useTranslation('grid')
  const format = useFormat()
  const reading = useGrid((state) => state.reading)
  const writing = useGrid((state) => state.writing)
  const written = useGrid((state) => state.written)
  const line = 'flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1 text-base'
  if (writing !== null) {
    const known = writing.total > 0
    const text = known
      ? t('writing.progress', { done: format.number(writing.done), total: format.number(writing.total) })
      : t('writing.begun')
    return (
      <div className={line} data-testid="grid-writing">
        <Progress className="w-48" value={known ? writing.done / writing.total : null} label={t('writing.label')} />
        <span className="tabular text-muted">{text}</span>
        <Button size="sm" variant="ghost" onClick={() => navigate('transfers')}>
          {t('writing.show')}
        </Button>
      </div>
    )
  }
  if (reading !== null && reading.running) {
    return (
      <div className={line} data-testid="grid-reading">
        <Progress className="w-48" value={reading.done / reading.total} label={t('reading.label')} />
        <span className="tabular text-muted">
          {t('reading.progress', { done: format.number(reading.done), total: format.number(reading.total) })}
        </span>
        <Button size="sm" variant="ghost" onClick={stopReading}>
          {t('reading.stop')}
        </Button>
      </div>
    )
  }
  if (written !== null) {
    return (
      <div className={line} data-testid="grid-written" role="status">
        <span className={written.failed > 0 ? 'text-danger' : 'text-success'}>
          {written.failed > 0
            ? t('written.partly', { done: format.number(written.done), failed: format.number(written.failed) })
            : t('written.done', { count: written.done, number: format.number(written.done) })}
        </span>
        {written.failed > 0 ? (
          <>
            <Button size="sm" onClick={() => runWriting(() => retryWritten(written.batchId))}>
              {t('written.retry')}
            </Button>
            <Button size="sm" variant="ghost" onClick={() => navigate('transfers')}>
              {t('written.reasons')}
            </Button>
          </>
        ) : null}
        {written.done > 0 ? (
          <Button size="sm" data-testid="grid-undo-written" onClick={() => runWriting(() => undoWritten(written.batchId))}>
            {t('written.undo')}
          </Button>
        ) : null}
      </div>
    )
  }
  if (reading?.error) {
    return (
      <div className="border-b border-line px-4 py-2">
        <p className="m-0 mb-1 font-medium">{t('reading.failed', { count: reading.failed, number: format.number(reading.failed) })}</p>
        <ErrorNote error={reading.error} />
      </div>
    )
  }
  return null
}

/** The metadata of many files as a spreadsheet, instead of the list of files. */
export function GridView() {
  const { t } = useTranslation(['grid', 'common'])
  const format = useFormat()
  const open = useOpenGrid((state) => state.open)
  const status = useGrid((state) => state.status)
  const error = useGrid((state) => state.error)
  const loaded = useGrid((state) => state.loaded)
  const total = useGrid((state) => state.total)
  const columns = useGrid((state) => state.grid.keys.length)
  const changed = useGrid((state) => state.grid.edits.size)
  const profileId = useInfo((info) => info.activeProfileId)
  const [opened] = useState(profileId)
  useEffect(() => (open === null ? undefined : startSession(open.ids)), [open])
  useEffect(() => {
    // The files of another connection are other files.
    if (profileId !== opened) closeGrid()
  }, [profileId, opened])
  if (open === null) return null
  return (
    <div className="flex h-full min-w-0 flex-col" data-testid="grid-view">
      <GridToolbar onClose={leaveGrid} />
      {open.of > open.ids.length ? (
        <p className="m-0 border-b border-line bg-warning-soft px-4 py-1.5 text-warning">
          {t('limited', { shown: format.number(MAX_GRID_ROWS), total: format.number(open.of) })}
        </p>
      ) : null}
      <Progressing />
      <div className="min-h-0 flex-1">
        {status === 'error' && error !== null ? (
          <ErrorState className="h-full" error={error} onRetry={() => startSession(open.ids)} />
        ) : status === 'loading' ? (
          <div className="flex h-full flex-col items-center justify-center gap-3 text-muted">
            <Progress className="w-60" value={total === 0 ? null : loaded / total} label={t('loading')} />
            {t('loading')}
          </div>
        ) : columns === 0 ? (
          <EmptyState
            className="h-full"
            title={t('noKeys.title')}
            text={t('noKeys.text')}
            actions={
              <Button variant="primary" onClick={() => openKeyDialog({ type: 'add' })}>
                {t('key.add')}
              </Button>
            }
          />
        ) : (
          <GridTable />
        )}
      </div>
      <LiveRegion text={changed === 0 ? '' : t('changed', { count: changed, number: format.number(changed) })} />
      <Dialogs />
    </div>
  )
}
