import {
  Ban,
  CopyCheck,
  Download,
  FileArchive,
  FileCheck2,
  FileOutput,
  FolderInput,
  Pencil,
  RotateCcw,
  Search,
  Tags,
  Trash2,
  Unlink,
  Upload
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AUDIT_ACTIONS } from '../../../shared/contract.ts'
import type { AuditFilter, AuditPage } from '../../../shared/contract.ts'
import { describeError } from '../../../shared/error-texts.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { AuditAction } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import {
  Button,
  CopyButton,
  Dialog,
  EmptyState,
  ErrorNote,
  Select,
  Spinner,
  TextField,
  cx,
  toast,
  toastError
} from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Language } from '../../i18n/index.ts'
import { useEntries } from './entries.ts'

const ICONS: Record<AuditAction, LucideIcon> = {
  upload: Upload,
  download: Download,
  zip: FileArchive,
  metadata: Tags,
  delete: Trash2,
  finish: FileCheck2,
  cancel: Ban,
  rename: Pencil,
  move: FolderInput,
  forget: Unlink,
  trash: Trash2,
  restore: RotateCcw,
  repair: CopyCheck
}

type Entry = AuditPage['entries'][number]

function Row({ entry }: { entry: Entry }) {
  const { t, i18n } = useTranslation(['trail', 'common'])
  const builtIn = useInfo((info) => info.profiles.some((profile) => profile.builtIn && profile.id === entry.profileId))
  const format = useFormat()
  // A newer version may have written what this one does not know.
  const known = Object.hasOwn(ICONS, entry.action)
  const Icon = known ? ICONS[entry.action] : FileOutput
  const failed = entry.result === 'failed'
  const name = entry.name !== '' ? entry.name : t('row.unnamed')
  const facts = [
    entry.files === undefined ? '' : t('row.files', { count: entry.files, n: format.number(entry.files) }),
    entry.detail === undefined || entry.action === 'cancel'
      ? ''
      : entry.detail === ''
        ? t('row.root')
        : t('row.to', { detail: entry.detail }),
    entry.localPath ?? '',
    builtIn ? t('common:connection.builtIn') : entry.profile
  ].filter((fact) => fact !== '')
  return (
    <li className="flex gap-3 py-2" data-testid="trail-row" data-action={entry.action} data-result={entry.result}>
      <Icon size={15} className={cx('mt-0.5 shrink-0', failed ? 'text-danger' : 'text-muted')} aria-hidden="true" />
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="m-0 flex min-w-0 flex-wrap items-baseline gap-x-2 text-base text-text">
          <span className={cx('shrink-0 font-medium', failed && 'text-danger')}>
            {!known ? entry.action : failed ? t(`failed.${entry.action}`) : t(`done.${entry.action}`)}
          </span>
          <span className="min-w-0 truncate select-text" title={name}>
            {name}
          </span>
          <time dateTime={entry.at} className="tabular ml-auto text-sm text-faint">
            {format.dateTime(Date.parse(entry.at))}
          </time>
        </p>
        {facts.length === 0 ? null : <p className="m-0 truncate text-sm text-muted select-text">{facts.join(' · ')}</p>}
        {entry.fileId === null ? null : (
          <p className="m-0 flex min-w-0 items-center gap-1 font-mono text-sm text-muted">
            <span className="truncate select-text">{entry.fileId}</span>
            <CopyButton text={entry.fileId} label={t('row.copyId')} />
          </p>
        )}
        {entry.error === null ? null : (
          <p className="m-0 text-sm text-danger">
            {describeError({ code: entry.error as ErrorCode, message: '' }, i18n.language as Language).what}
          </p>
        )}
      </div>
    </li>
  )
}

/** What this computer did to which file, newest first. */
export function TrailDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['trail', 'common'])
  const [text, setText] = useState('')
  const [action, setAction] = useState<AuditAction | 'all'>('all')
  const [result, setResult] = useState<'all' | 'done' | 'failed'>('all')
  const [saving, setSaving] = useState(false)
  const filter: AuditFilter = {
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(action === 'all' ? {} : { action }),
    ...(result === 'all' ? {} : { result })
  }
  const { rows, loading, error, more } = useEntries(filter)
  const save = (): void => {
    setSaving(true)
    call('audit.export', {})
      .then((saved) => {
        if (saved.tag === 'saved') toast({ kind: 'success', title: t('exported'), text: saved.path })
      })
      .catch(toastError)
      .finally(() => setSaving(false))
  }
  return (
    <Dialog
      open
      tall
      size="xl"
      onClose={onClose}
      testId="trail-dialog"
      title={t('title')}
      description={t('text')}
      footer={
        <>
          <Button className="mr-auto" busy={saving} icon={<FileOutput size={15} aria-hidden="true" />} onClick={save}>
            {t('export')}
          </Button>
          <Button onClick={onClose}>{t('common:action.close')}</Button>
        </>
      }
    >
      <div className="flex flex-wrap gap-2 pb-3">
        <TextField
          type="search"
          aria-label={t('filter.text')}
          placeholder={t('filter.text')}
          value={text}
          onChange={setText}
          maxLength={200}
          icon={<Search size={14} aria-hidden="true" />}
          boxClassName="min-w-48 flex-1"
        />
        <Select
          label={t('filter.action')}
          testId="trail-action"
          className="w-44"
          value={action}
          onChange={setAction}
          options={[
            { value: 'all', label: t('filter.everyAction') },
            ...AUDIT_ACTIONS.map((value) => ({ value, label: t(`done.${value}`) }))
          ]}
        />
        <Select
          label={t('filter.result')}
          testId="trail-result"
          className="w-36"
          value={result}
          onChange={setResult}
          options={[
            { value: 'all', label: t('filter.everyResult') },
            { value: 'done', label: t('filter.done') },
            { value: 'failed', label: t('filter.failed') }
          ]}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {error !== null ? (
          <ErrorNote error={error} />
        ) : rows.length === 0 && loading ? (
          <div className="flex justify-center p-6">
            <Spinner />
          </div>
        ) : rows.length === 0 ? (
          <EmptyState title={Object.keys(filter).length === 0 ? t('empty.title') : t('empty.nothing')} text={t('empty.text')} />
        ) : (
          <ul aria-label={t('title')} className="m-0 list-none divide-y divide-line p-0">
            {rows.map((entry, index) => (
              // Entries never change their place: newer ones are not added while it is open.
              // oxlint-disable-next-line react/no-array-index-key
              <Row key={index} entry={entry} />
            ))}
          </ul>
        )}
        {more === null ? null : (
          <Button className="my-2" onClick={more}>
            {t('more')}
          </Button>
        )}
      </div>
    </Dialog>
  )
}
