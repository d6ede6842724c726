/** What the inspector tells below the metadata of one file: its link, and what was done to it. */
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditPage } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileRow } from '../../../shared/model.ts'
import { call, client } from '../../api/client.ts'
import { navigate } from '../../app/navigation.ts'
import { Button, CopyButton, cx, useErrorText } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useCommands } from './use-commands.ts'

export function Section({ title, end, children }: { title: string; end?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t border-line px-4 py-3.5">
      <div className="mb-2 flex h-6 items-center justify-between gap-2">
        <h3 className="m-0 text-base font-semibold">{title}</h3>
        {end}
      </div>
      {children}
    </section>
  )
}

function NoLink({ error }: { error: ErrorData }) {
  const { t } = useTranslation('files')
  const { what } = useErrorText(error)
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="m-0 text-muted">{what}</p>
      <Button size="sm" onClick={() => navigate('connections')}>
        {t('link.setUp')}
      </Button>
    </div>
  )
}

/** Where the file is on the web, ready to be copied. */
export function Links({ row }: { row: FileRow }) {
  const { t } = useTranslation('files')
  const commands = useCommands()
  const [link, setLink] = useState<{ id: number; text: string } | { id: number; error: ErrorData } | null>(null)
  useEffect(() => {
    let current = true
    call('files.links', { selection: { ids: [row.id] }, format: 'url' }).then(
      ({ text }) => current && setLink({ id: row.id, text: text.trim() }),
      (error: unknown) => current && setLink({ id: row.id, error: toAppError(error).toData() })
    )
    return () => {
      current = false
    }
  }, [row.id])
  const known = link?.id === row.id ? link : null
  return (
    <Section
      title={t('link.title')}
      end={
        <Button size="sm" onClick={commands.copyAs}>
          {t('copy.as')}
        </Button>
      }
    >
      {known === null ? null : 'error' in known ? (
        <NoLink error={known.error} />
      ) : (
        <div className="flex items-start gap-1 rounded-lg bg-sunken py-1.5 pr-1.5 pl-3" data-testid="inspector-link">
          <span className="min-w-0 flex-1 py-0.5 font-mono text-sm break-all text-muted select-text">{known.text}</span>
          <CopyButton text={known.text} label={t('link.copy')} />
        </div>
      )}
    </Section>
  )
}

type Entry = AuditPage['entries'][number]
const SHOWN = 8

/** What this computer did to the file, newest first. */
export function History({ row }: { row: FileRow }) {
  const { t } = useTranslation(['files', 'trail'])
  const format = useFormat()
  const [found, setFound] = useState<{ fileId: string; entries: Entry[] } | null>(null)
  useEffect(() => {
    let current = true
    const look = (): void => {
      call('audit.list', { text: row.fileId, limit: SHOWN, cursor: null }).then(
        ({ entries }) => current && setFound({ fileId: row.fileId, entries: entries.filter((entry) => entry.fileId === row.fileId) }),
        // A file is shown without its history rather than with an error about it.
        () => undefined
      )
    }
    look()
    const stop = client().on('library.changed', look)
    return () => {
      current = false
      stop()
    }
  }, [row.fileId])
  const entries = found?.fileId === row.fileId ? found.entries : null
  return (
    <Section title={t('history.title')}>
      {entries === null ? null : entries.length === 0 ? (
        <p className="m-0 text-muted">{t('history.none')}</p>
      ) : (
        <ol className="m-0 flex list-none flex-col gap-1.5 p-0" data-testid="inspector-history">
          {entries.map((entry) => {
            const failed = entry.result === 'failed'
            return (
              <li key={`${entry.at} ${entry.action}`} className="flex items-baseline justify-between gap-3">
                <span className={cx('min-w-0 truncate', failed && 'text-danger')}>
                  {t(failed ? `trail:failed.${entry.action}` : `trail:done.${entry.action}`)}
                  {entry.detail === undefined || entry.detail === '' ? null : <span className="text-muted"> · {entry.detail}</span>}
                </span>
                <time dateTime={entry.at} className="tabular shrink-0 text-sm text-muted">
                  {format.dateTime(Date.parse(entry.at))}
                </time>
              </li>
            )
          })}
        </ol>
      )}
    </Section>
  )
}
