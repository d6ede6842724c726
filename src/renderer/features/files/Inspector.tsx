import { RefreshCw, ServerCog } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerFacts } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileRow } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { Badge, Button, CopyButton, ErrorNote, IconButton, Menu, Spinner, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles } from './context.tsx'
import { draftKey } from './drafts.ts'
import { FileIcon } from './file-types.tsx'
import { History, Links, Section } from './InspectorMore.tsx'
import { MetadataEditor } from './MetadataEditor.tsx'
import { Family, TagLine } from './order/OrderSections.tsx'
import { TypeCard } from './TypeCard.tsx'
import { useThumbnail } from './preview/Thumbnail.tsx'
import { toContract } from './selection.ts'
import { useCommands } from './use-commands.ts'
import { useCopyEntries } from './use-file-menu.tsx'
import { useServerMetadata } from './use-server-metadata.ts'

function Fact({ label, mono = false, children }: { label: string; mono?: boolean; children: ReactNode }) {
  return (
    <div className="flex min-h-6 items-start gap-2">
      <dt className="w-20 shrink-0 pt-0.5 text-sm text-muted">{label}</dt>
      <dd className={cx('m-0 min-w-0 flex-1 break-words text-text select-text', mono ? 'pt-px font-mono text-sm break-all' : 'text-base')}>
        {children}
      </dd>
    </div>
  )
}

function hex32(crc: number): string {
  return crc.toString(16).toUpperCase().padStart(8, '0')
}

/** What the servers say now, when somebody wants to know. */
function ServerCheck({ row }: { row: FileRow }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const [asking, setAsking] = useState(false)
  const [facts, setFacts] = useState<ServerFacts | null>(null)
  const [error, setError] = useState<ErrorData | null>(null)
  const ask = (): void => {
    setAsking(true)
    call('files.facts', { ids: [row.id] }).then(
      ([found]) => {
        setAsking(false)
        setFacts(found ?? null)
        setError(found?.error ?? null)
      },
      (thrown: unknown) => {
        setAsking(false)
        setError(toAppError(thrown).toData())
      }
    )
  }
  const same = facts !== null && facts.exists && (facts.crc32 === null || row.crc32 === null || facts.crc32 === row.crc32)
  return (
    <Section
      title={t('server.title')}
      end={
        <Button size="sm" busy={asking} icon={<ServerCog size={13} aria-hidden="true" />} onClick={ask}>
          {t('server.check')}
        </Button>
      }
    >
      {error !== null ? <ErrorNote error={error} /> : null}
      {facts === null && error === null ? <p className="m-0 text-muted">{t('server.text')}</p> : null}
      {facts === null || error !== null ? null : !facts.exists ? (
        <p role="status" className="m-0 text-danger">
          {t('server.missing')}
        </p>
      ) : (
        <dl className="m-0 flex flex-col gap-0.5" role="status">
          <Fact label={t('server.state')}>
            <span className={same ? 'text-success' : 'text-danger'}>{same ? t('server.same') : t('server.different')}</span>
          </Fact>
          {facts.sizeBytes === null ? null : <Fact label={t('fact.size')}>{format.bytes(facts.sizeBytes)}</Fact>}
          {facts.crc32 === null ? null : (
            <Fact label={t('fact.crc32')} mono>
              {hex32(facts.crc32)}
            </Fact>
          )}
          {facts.modifiedAt === null ? null : <Fact label={t('fact.modified')}>{format.dateTime(facts.modifiedAt)}</Fact>}
          {facts.source === null ? null : (
            <Fact label={t('fact.source')} mono>
              {facts.source}
            </Fact>
          )}
        </dl>
      )}
    </Section>
  )
}

/** What the file looks like, and the way to see it large. */
function Picture({ row }: { row: FileRow }) {
  const { t } = useTranslation('files')
  const commands = useCommands()
  const url = useThumbnail(row)
  return (
    <button
      type="button"
      aria-label={t('preview.open', { name: row.name })}
      onClick={commands.preview}
      className={cx(
        'flex items-center justify-center overflow-hidden rounded-xl bg-sunken text-muted transition-colors hover:bg-hover',
        url === null ? 'h-28 w-36' : 'h-44 w-full p-2'
      )}
    >
      {url === null ? (
        <TypeCard ext={row.ext} height={80} />
      ) : (
        <img src={url} alt="" className="max-h-full max-w-full rounded-md object-contain" />
      )}
    </button>
  )
}

function OneFile({ row }: { row: FileRow }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  return (
    <div className="flex flex-col items-center gap-2 px-4 pt-5 pb-4 text-center">
      <Picture row={row} />
      <h2 className="m-0 max-w-full text-lg font-semibold break-words select-text">{row.name}</h2>
      <div className="flex flex-wrap items-center justify-center gap-1.5 text-muted">
        <span className="tabular">{row.sizeBytes === null ? t('fact.unknownSize') : format.bytes(row.sizeBytes)}</span>
        {row.ext === '' ? null : <Badge>{row.ext.toUpperCase()}</Badge>}
        {row.kind === 'normal' ? null : <Badge>{t(`kind.${row.kind}`)}</Badge>}
        <Badge tone={row.state === 'present' ? 'success' : row.state === 'syncing' ? 'accent' : 'danger'}>{t(`state.${row.state}`)}</Badge>
      </div>
      <div className="mt-1 flex w-full items-start gap-1 rounded-lg bg-sunken py-1.5 pr-1.5 pl-3 text-left">
        <span
          aria-label={t('fact.fileId')}
          role="group"
          className="min-w-0 flex-1 py-0.5 font-mono text-sm break-all text-muted select-text"
        >
          <span data-testid="inspector-file-id">{row.fileId}</span>
        </span>
        <CopyButton text={row.fileId} label={t('fact.copyFileId')} />
      </div>
    </div>
  )
}

function Facts({ row }: { row: FileRow }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  return (
    <Section title={t('fact.title')}>
      <dl className="m-0 flex flex-col gap-0.5">
        {row.sizeBytes === null ? null : (
          <Fact label={t('fact.size')}>
            {format.bytes(row.sizeBytes)}{' '}
            {row.sizeBytes < 1024 ? null : (
              <span className="text-muted">{t('fact.bytes', { count: row.sizeBytes, number: format.number(row.sizeBytes) })}</span>
            )}
          </Fact>
        )}
        {row.crc32 === null ? null : (
          <Fact label={t('fact.crc32')} mono>
            {hex32(row.crc32)}
          </Fact>
        )}
        <Fact label={t('fact.group')}>{row.group}</Fact>
        {row.folder === '' ? null : <Fact label={t('fact.folder')}>{row.folder}</Fact>}
        <Fact label={t('fact.created')}>{format.dateTime(row.createdAt)}</Fact>
        <Fact label={t('fact.added')}>{format.dateTime(row.addedAt)}</Fact>
        <Fact label={t('fact.source')} mono>
          {row.source}
        </Fact>
        <Fact label={t('fact.kind')}>{t(`kind.${row.kind}`)}</Fact>
        <Fact label={t('fact.origin')}>{t(`origin.${row.origin}`)}</Fact>
      </dl>
    </Section>
  )
}

function ManyFiles({ rows, count }: { rows: readonly FileRow[]; count: number }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const known = rows.filter((row) => row.sizeBytes !== null)
  const bytes = known.reduce((sum, row) => sum + (row.sizeBytes ?? 0), 0)
  const groups = [...new Set(rows.map((row) => row.group))].sort()
  return (
    <div className="flex flex-col items-center gap-2 px-4 pt-5 pb-4 text-center">
      <div className="relative flex h-20 w-24 items-center justify-center" aria-hidden="true">
        {rows.slice(0, 3).map((row, index) => (
          <span
            key={row.id}
            className={cx(
              'absolute flex size-14 items-center justify-center rounded-lg border border-line bg-raised text-muted shadow-sm',
              index === 0 && 'z-10',
              index === 1 && '-translate-x-5 -rotate-8',
              index === 2 && 'translate-x-5 rotate-8'
            )}
          >
            <FileIcon ext={row.ext} size={24} strokeWidth={1.5} />
          </span>
        ))}
      </div>
      <h2 className="m-0 text-lg font-semibold">{t('title.count', { count, number: format.number(count) })}</h2>
      <p className="tabular m-0 text-muted">
        {rows.length < count
          ? t('inspector.first', { count: rows.length, number: format.number(rows.length) })
          : [format.bytes(bytes), format.list(groups)].join(' · ')}
      </p>
    </div>
  )
}

/** Facts, links and metadata of what is selected. */
export function Selected({ rows, count }: { rows: readonly FileRow[]; count: number }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const commands = useCommands()
  const copies = useCopyEntries(commands)
  const writable = useInfo((info) => activeProfile(info)?.readOnly !== true)
  const selection = useFiles((state) => state.selection)
  const query = useFiles((state) => state.query)
  const total = useFiles((state) => state.total)
  const server = useServerMetadata(rows)
  const target = useMemo(() => toContract(selection, query, total), [selection, query, total])
  const single = count === 1 ? rows[0] : undefined
  const known = server.values.filter((value) => value !== null)
  const unread = server.values.length - known.length
  const draftId = useMemo(() => draftKey(selection, query), [selection, query])
  return (
    <>
      {single === undefined ? <ManyFiles rows={rows} count={count} /> : <OneFile row={single} />}
      <TagLine rows={rows} />
      <div className="flex gap-2 border-t border-line px-4 py-3">
        <Button className="flex-1" onClick={commands.download}>
          {t('command.download')}
        </Button>
        <Menu items={copies} align="end" trigger={<Button className="flex-1">{t('command.copy')}</Button>} />
      </div>
      <Section
        title={t('metadata.title')}
        end={
          <span className="flex items-center gap-1 text-sm text-muted">
            {server.reading ? (
              <Spinner size={13} />
            ) : server.readAt === null ? null : (
              t('metadata.readAt', { time: format.time(server.readAt) })
            )}
            <IconButton
              size="sm"
              label={t('metadata.refresh')}
              disabled={server.reading}
              icon={<RefreshCw size={13} aria-hidden="true" />}
              onClick={server.read}
            />
          </span>
        }
      >
        <div className="flex flex-col gap-3">
          {server.error === null ? null : <ErrorNote error={server.error} onRetry={server.read} />}
          {unread > 0 && !server.reading && server.error === null ? (
            <p className="m-0 text-sm text-warning">{t('metadata.unread', { count: unread, number: format.number(unread) })}</p>
          ) : null}
          {known.length === 0 && server.reading ? (
            <p className="m-0 text-muted" role="status">
              {t('metadata.reading')}
            </p>
          ) : target === null ? null : (
            <MetadataEditor
              key={draftId}
              values={known}
              selection={target}
              count={count}
              draftId={draftId}
              writable={writable}
              onSaved={server.read}
            />
          )}
        </div>
      </Section>
      {single === undefined ? null : (
        <>
          <Links row={single} />
          <Family row={single} />
          <Facts row={single} />
          <History row={single} />
          <ServerCheck key={single.id} row={single} />
        </>
      )}
    </>
  )
}
