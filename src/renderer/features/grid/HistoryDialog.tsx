import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { MetadataHistoryEntry } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { Button, Dialog, EmptyState, ErrorNote, Spinner } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { runWriting } from './run-writing.ts'
import { undoWritten } from './session.ts'

/** What was written to metadata so far; each can be undone, an undoing as well. */
export function HistoryDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('grid')
  const format = useFormat()
  const writable = useInfo((info) => activeProfile(info)?.readOnly !== true)
  const [entries, setEntries] = useState<MetadataHistoryEntry[] | null>(null)
  const [error, setError] = useState<ErrorData | null>(null)
  useEffect(() => {
    call('history.list', {}).then(setEntries, (thrown: unknown) => setError(toAppError(thrown).toData()))
  }, [])
  return (
    <Dialog open size="md" testId="history-dialog" onClose={onClose} title={t('history.title')} description={t('history.text')}>
      {error === null ? null : <ErrorNote error={error} />}
      {entries === null && error === null ? <Spinner /> : null}
      {entries?.length === 0 ? <EmptyState title={t('history.empty')} /> : null}
      <ul className="m-0 flex list-none flex-col p-0">
        {entries?.map((entry) => (
          <li
            key={entry.batchId}
            className="flex min-h-11 items-center gap-3 border-b border-line last:border-0"
            data-testid="history-entry"
          >
            <span className="tabular min-w-0 flex-1 truncate">
              {format.dateTime(entry.at)}
              <span className="ml-3 text-muted">{t('files', { count: entry.fileCount, number: format.number(entry.fileCount) })}</span>
            </span>
            {entry.undoneBy === null ? (
              <Button
                size="sm"
                disabled={!writable}
                onClick={() => {
                  onClose()
                  runWriting(() => undoWritten(entry.batchId))
                }}
              >
                {t('history.undo')}
              </Button>
            ) : (
              <span className="text-sm text-muted">{t('history.undone')}</span>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
