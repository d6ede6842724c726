import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../../api/client.ts'
import { Button, ConfirmDialog, Dialog, ErrorNote, Field, TextField } from '../../../components/index.ts'
import { useFilesActions, useFilesStore } from '../context.tsx'
import { FolderInput } from '../FolderInput.tsx'
import { useSubmit } from '../use-submit.ts'

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const join = (parent: string, name: string): string => (parent === '' ? name : `${parent}/${name}`)

export function NewFolderDialog({ parent, onClose }: { parent: string; onClose: () => void }) {
  const { t } = useTranslation(['order', 'common'])
  const [name, setName] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const { busy, error, submit } = useSubmit()
  return (
    <Dialog
      open
      size="sm"
      testId="folder-dialog"
      onClose={onClose}
      title={t('folder.new')}
      description={parent === '' ? t('folder.newText') : t('folder.newIn', { folder: parent })}
      initialFocus={field}
      onSubmit={() => {
        if (name.trim() !== '') submit(() => call('order.addFolder', { path: join(parent, name.trim()) }), onClose)
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={name.trim() === ''}>
            {t('folder.make')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={t('folder.name')} hint={t('folder.nameHint')}>
          <TextField ref={field} value={name} onChange={setName} maxLength={1024} />
        </Field>
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}

/** Another name, or another place in the tree. */
export function MoveFolderDialog({ path, rename, onClose }: { path: string; rename: boolean; onClose: () => void }) {
  const { t } = useTranslation(['order', 'common'])
  const actions = useFilesActions()
  const store = useFilesStore()
  const [value, setValue] = useState(rename ? nameOf(path) : parentOf(path))
  const field = useRef<HTMLInputElement>(null)
  const { busy, error, submit } = useSubmit()
  const to = rename ? join(parentOf(path), value.trim()) : join(value.trim(), nameOf(path))
  return (
    <Dialog
      open
      size="sm"
      testId="folder-dialog"
      onClose={onClose}
      title={rename ? t('folder.renameTitle', { folder: nameOf(path) }) : t('folder.moveTitle', { folder: nameOf(path) })}
      description={t('folder.moveText')}
      initialFocus={field}
      onSubmit={() => {
        if (rename && value.trim() === '') return
        submit(
          () => call('order.moveFolder', { from: path, to }),
          () => {
            const { folder, ...query } = store.getState().query
            // Whoever looks into it goes along.
            if (folder === path || folder?.startsWith(`${path}/`) === true) {
              actions.setQuery({ ...query, folder: to + folder.slice(path.length) })
            }
            onClose()
          }
        )
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={rename && value.trim() === ''}>
            {rename ? t('folder.rename') : t('folder.move')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {rename ? (
          <Field label={t('folder.name')}>
            <TextField ref={field} value={value} onChange={setValue} maxLength={1024} />
          </Field>
        ) : (
          <Field label={t('folder.into')} hint={t('folder.intoHint')}>
            <FolderInput ref={field} value={value} onChange={setValue} />
          </Field>
        )}
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}

export function RemoveFolderDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const { t } = useTranslation('order')
  const actions = useFilesActions()
  const { busy, error, submit } = useSubmit()
  const parent = parentOf(path)
  return (
    <ConfirmDialog
      open
      danger={false}
      onClose={onClose}
      testId="folder-remove"
      title={t('folder.removeTitle', { folder: nameOf(path) })}
      confirmLabel={t('folder.remove')}
      busy={busy}
      onConfirm={() =>
        submit(
          () => call('order.removeFolder', { path }),
          () => {
            actions.setQuery(parent === '' ? {} : { folder: parent, recursive: true })
            onClose()
          }
        )
      }
    >
      <p className="m-0">{parent === '' ? t('folder.removeText') : t('folder.removeInto', { folder: parent })}</p>
      {error === null ? null : <ErrorNote error={error} />}
    </ConfirmDialog>
  )
}
