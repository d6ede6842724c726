import { FileClock, FolderOpen, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { BinlogPreview } from '../../../shared/import.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { Button, Checkbox, ErrorNote, Field, Progress, Select, TextField } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { pickPaths } from './pick.ts'
import { Fact, Facts } from './Facts.tsx'
import { useGroups } from './use-groups.ts'

const isBinlog = (name: string): boolean => /binlog\.[0-9]{3,}(\.gz)?$/.test(name)

interface Looked {
  paths: string[]
  group: string
  preview: BinlogPreview
}

/** The log of a storage server is replayed. */
export function BinlogWay() {
  const { t } = useTranslation(['import', 'common'])
  const native = useInfo((info) => info.host.pickFiles)
  const { groups } = useGroups()
  const [working, setWorking] = useState<{ share: number | null } | null>(null)
  const [looked, setLooked] = useState<Looked | null>(null)
  const [error, setError] = useState<ErrorData | null>(null)
  const [read, setRead] = useState(true)
  const abort = useRef(new AbortController())
  useEffect(() => {
    const controller = abort.current
    return () => controller.abort()
  }, [])

  const run = (work: () => Promise<void>): void => {
    setError(null)
    setWorking({ share: null })
    work()
      .catch((thrown: unknown) => {
        const known = toAppError(thrown).toData()
        if (known.code !== 'ABORTED') setError(known)
      })
      .finally(() => setWorking(null))
  }
  const look = async (paths: string[], group: string | null): Promise<void> => {
    const preview = await call('import.lookAtBinlogs', { paths, group })
    setLooked({ paths, preview, group: group ?? preview.group ?? groups?.[0]?.name ?? 'group1' })
  }
  const choose = (folder: boolean): void =>
    run(async () => {
      const paths = await pickPaths(
        native,
        folder,
        isBinlog,
        (share) => setWorking({ share: share < 1 ? share : null }),
        abort.current.signal
      )
      if (paths.length > 0) await look(paths, null)
    })
  const start = ({ paths, group }: Looked): void =>
    run(async () => {
      await call('import.binlogs', { paths, group, read })
      setLooked(null)
    })
  return (
    <div className="flex flex-col gap-4">
      {looked === null ? <p className="m-0 text-base text-muted">{t('binlog.text')}</p> : null}
      <div className="flex items-center gap-2">
        <Button icon={<FileClock size={15} aria-hidden="true" />} disabled={working !== null} onClick={() => choose(false)}>
          {t('binlog.files')}
        </Button>
        <Button icon={<FolderOpen size={15} aria-hidden="true" />} disabled={working !== null} onClick={() => choose(true)}>
          {t('binlog.folder')}
        </Button>
        {working === null ? null : (
          <span className="flex min-w-0 flex-1 items-center gap-3 pl-2 text-base text-muted" role="status">
            {t('binlog.looking')}
            <Progress value={working.share} label={t('binlog.looking')} className="w-40" />
          </span>
        )}
      </div>
      {error === null ? null : <ErrorNote error={error} />}
      {looked === null ? null : (
        <>
          <Report looked={looked} />
          <div className="grid grid-cols-3 items-start gap-3">
            <Field label={t('binlog.group')} hint={t('binlog.groupHint')}>
              {groups === null || groups.length === 0 ? (
                <TextField value={looked.group} onChange={(group) => setLooked({ ...looked, group })} />
              ) : (
                <Select
                  testId="binlog-group"
                  value={looked.group}
                  onChange={(group) => run(() => look(looked.paths, group))}
                  options={groups.map(({ name }) => ({ value: name, label: name }))}
                />
              )}
            </Field>
          </div>
          {looked.preview.group !== null && looked.preview.group !== looked.group ? (
            <Warning text={t('binlog.otherGroup', { group: looked.preview.group, chosen: looked.group })} />
          ) : null}
          <Checkbox checked={read} onChange={setRead} hint={t('read.hint')}>
            {t('read.label')}
          </Checkbox>
          <div className="sticky bottom-0 -mb-1 flex shrink-0 items-center gap-3 bg-raised py-2">
            <Button variant="primary" size="lg" disabled={working !== null || looked.group === ''} onClick={() => start(looked)}>
              {t('binlog.start')}
            </Button>
          </div>
        </>
      )}
    </div>
  )
}

function Warning({ text }: { text: string }) {
  return (
    <p className="m-0 flex items-start gap-2 rounded-lg bg-warning-soft px-3 py-2 text-base text-text" role="alert">
      <TriangleAlert size={16} className="mt-0.5 shrink-0 text-warning" aria-hidden="true" />
      {text}
    </p>
  )
}

/** What the logs would do. */
function Report({ looked: { preview } }: { looked: Looked }) {
  const { t } = useTranslation('import')
  const format = useFormat()
  const { report, counts } = preview
  const skipped = Object.entries(report.skipped).filter(([, count]) => count > 0)
  const number = (value: number): string => format.number(value)
  return (
    <div className="flex flex-col gap-3" data-testid="binlog-report">
      <p className="m-0 text-base text-muted">
        {report.logs.length === 1
          ? t('binlog.log', { name: report.logs[0]?.name ?? '', lines: number(report.lines) })
          : t('binlog.logs', {
              names: format.list(report.logs.slice(0, 3).map(({ name }) => name)),
              count: report.logs.length,
              number: number(report.logs.length),
              lines: number(report.lines)
            })}
        {report.firstAt === null || report.lastAt === null
          ? null
          : ` · ${t('binlog.span', { from: format.date(report.firstAt), to: format.date(report.lastAt) })}`}
      </p>
      <Facts>
        <Fact label={t('binlog.exist')} value={number(report.files)} />
        <Fact label={t('counts.added')} value={number(counts.added)} tone="good" />
        <Fact label={t('counts.known')} value={number(counts.known)} />
        <Fact label={t('binlog.deleted')} value={number(report.gone)} />
        <Fact label={t('counts.described')} value={number(report.metadata)} />
      </Facts>
      {skipped.length === 0 ? null : (
        <ul className="m-0 list-none p-0 text-base text-muted">
          {skipped.map(([reason, count]) => (
            <li key={reason}>{t(`binlog.skipped.${reason as 'malformed'}`, { count, number: number(count) })}</li>
          ))}
        </ul>
      )}
      {report.unfinished.length === 0 ? null : (
        <Warning text={t('binlog.unfinished', { names: format.list(report.unfinished.slice(0, 3)) })} />
      )}
      {report.damaged.length === 0 ? null : <Warning text={t('binlog.damaged', { names: format.list(report.damaged.slice(0, 3)) })} />}
    </div>
  )
}
