import { FolderSync, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WatchedFolderState } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import { call, client } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { Button, Checkbox, Dialog, ErrorNote, Field, FolderField, IconButton, Select, Spinner, Switch } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { FolderInput } from './FolderInput.tsx'
import { TagsInput, parseTags } from './upload/TagsInput.tsx'
import { AUTOMATIC, useGroupOptions } from './upload/use-group-options.ts'
import { useSubmit } from './use-submit.ts'

/** The folders that are watched for the active connection, kept up to date while the dialog is open. */
function useWatchedFolders(): {
  folders: WatchedFolderState[] | null
  error: ErrorData | null
  show: (folders: WatchedFolderState[]) => void
} {
  const [folders, setFolders] = useState<WatchedFolderState[] | null>(null)
  const [error, setError] = useState<ErrorData | null>(null)
  useEffect(() => {
    let current = true
    const look = (): void => {
      call('watches.list', {}).then(
        (found) => current && setFolders(found),
        (thrown: unknown) => current && setError(toAppError(thrown).toData())
      )
    }
    look()
    const stop = client().on('watches.changed', look)
    return () => {
      current = false
      stop()
    }
  }, [])
  return { folders, error, show: setFolders }
}

function Row({ folder, show }: { folder: WatchedFolderState; show: (folders: WatchedFolderState[]) => void }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const { error, submit } = useSubmit()
  const { problem, sent, ...saved } = folder
  const place = [folder.group ?? t('watch.anyGroup'), folder.folder].filter((part) => part !== '').join(' / ')
  const facts = [t('watch.to', { place }), ...(sent === 0 ? [] : [t('watch.sent', { count: sent, number: format.number(sent) })])]
  return (
    <li className="flex flex-col gap-1.5 py-2.5" data-testid="watched-folder">
      <div className="flex items-center gap-3">
        <FolderSync size={16} className="shrink-0 text-muted" aria-hidden="true" />
        <div className="min-w-0 flex-1">
          <p className="m-0 truncate" title={folder.path}>
            {folder.path}
          </p>
          <p className="m-0 truncate text-sm text-muted">{facts.join(' · ')}</p>
        </div>
        <Switch
          label={t('watch.on', { path: folder.path })}
          checked={folder.on}
          onChange={(on) =>
            submit(
              async () => show(await call('watches.save', { ...saved, on })),
              () => undefined
            )
          }
        />
        <IconButton
          size="sm"
          label={t('watch.remove', { path: folder.path })}
          icon={<Trash2 size={14} aria-hidden="true" />}
          onClick={() =>
            submit(
              async () => show(await call('watches.remove', { id: folder.id })),
              () => undefined
            )
          }
        />
      </div>
      {folder.on && problem !== null ? <ErrorNote error={problem} /> : null}
      {error === null ? null : <ErrorNote error={error} />}
    </li>
  )
}

/** Where what appears in a folder goes. */
function NewFolder({ show }: { show: (folders: WatchedFolderState[]) => void }) {
  const { t } = useTranslation('files')
  const preferred = useInfo((info) => activeProfile(info)?.defaultGroup ?? null)
  const sizes = useInfo((info) => info.settings.thumbnailSizes)
  const duplicates = useInfo((info) => info.settings.duplicates)
  const [path, setPath] = useState('')
  const [group, setGroup] = useState(preferred ?? AUTOMATIC)
  const [folder, setFolder] = useState('')
  const [tags, setTags] = useState('')
  const [thumbnails, setThumbnails] = useState(false)
  const [existing, setExisting] = useState(false)
  const options = useGroupOptions(group === AUTOMATIC ? null : group)
  const { busy, error, submit } = useSubmit()
  const add = (): void => {
    const way = {
      path: path.trim(),
      on: true,
      group: group === AUTOMATIC ? null : group,
      folder: folder.trim().replace(/^\/+|\/+$/g, ''),
      metadata: {},
      tags: parseTags(tags),
      thumbnails: thumbnails ? sizes : [],
      duplicates,
      naming: ''
    }
    submit(
      async () => show(await call('watches.save', { ...way, existing })),
      () => setPath('')
    )
  }
  return (
    <section aria-label={t('watch.add')} className="flex flex-col gap-4 border-t border-line pt-4">
      <Field label={t('watch.path')}>
        <FolderField label={t('watch.path')} value={path} onChange={setPath} />
      </Field>
      <div className="grid grid-cols-3 gap-4">
        <Field label={t('upload.group')}>
          <Select value={group} onChange={setGroup} options={options} />
        </Field>
        <Field label={t('watch.folder')}>
          <FolderInput value={folder} onChange={setFolder} />
        </Field>
        <Field label={t('upload.tags')}>
          <TagsInput value={tags} onChange={setTags} />
        </Field>
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <Checkbox checked={existing} onChange={setExisting}>
          {t('watch.existing')}
        </Checkbox>
        {sizes.length === 0 ? null : (
          <Checkbox checked={thumbnails} onChange={setThumbnails}>
            {t('watch.thumbnails')}
          </Checkbox>
        )}
        <Button variant="primary" className="ml-auto" busy={busy} disabled={path.trim() === ''} onClick={add}>
          {t('watch.confirm')}
        </Button>
      </div>
      {error === null ? null : <ErrorNote error={error} />}
    </section>
  )
}

/** Folders of this computer whose new files are uploaded by themselves. */
export function WatchDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['files', 'common'])
  const { folders, error, show } = useWatchedFolders()
  return (
    <Dialog
      open
      testId="watch-dialog"
      onClose={onClose}
      title={t('watch.title')}
      description={t('watch.text')}
      footer={<Button onClick={onClose}>{t('common:action.close')}</Button>}
    >
      <div className="flex flex-col gap-4">
        {error !== null ? (
          <ErrorNote error={error} />
        ) : folders === null ? (
          <Spinner />
        ) : folders.length === 0 ? (
          <p className="m-0 text-muted">{t('watch.none')}</p>
        ) : (
          <ul className="m-0 flex list-none flex-col divide-y divide-line p-0">
            {folders.map((folder) => (
              <Row key={folder.id} folder={folder} show={show} />
            ))}
          </ul>
        )}
        <NewFolder show={show} />
      </div>
    </Dialog>
  )
}
