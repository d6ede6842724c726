import { CornerLeftUp, Folder, FolderPlus, House } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DirectoryListing } from '../../shared/contract.ts'
import type { ErrorData } from '../../shared/errors.ts'
import { toAppError } from '../../shared/errors.ts'
import { call } from '../api/client.ts'
import { Button, IconButton } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { EmptyState } from './EmptyState.tsx'
import { ErrorNote } from './ErrorState.tsx'
import { Spinner } from './Spinner.tsx'
import { TextField } from './TextField.tsx'

/** Stable, so that React calls it once: when the field appears. */
const focusNow = (field: HTMLInputElement | null): void => field?.focus()

/** Chooses a folder of this computer inside the page, for hosts without native dialogs. Render it only while it is open. */
export function FolderPicker({ start, onClose, onChoose }: { start: string; onClose: () => void; onChoose: (path: string) => void }) {
  const { t } = useTranslation()
  const [listing, setListing] = useState<DirectoryListing | null>(null)
  const [path, setPath] = useState(start)
  const [error, setError] = useState<ErrorData | null>(null)
  const [newName, setNewName] = useState<string | null>(null)

  const go = useCallback((to: string | undefined) => {
    call('host.listFolders', to === undefined || to === '' ? {} : { path: to }).then(
      (found) => {
        setError(null)
        setListing(found)
        setPath(found.path)
      },
      (thrown: unknown) => setError(toAppError(thrown).toData())
    )
  }, [])
  useEffect(() => go(start), [start, go])

  const create = (): void => {
    if (listing === null || newName === null || newName.trim() === '') return
    call('host.makeFolder', { parent: listing.path, name: newName.trim() }).then(
      (made) => {
        setNewName(null)
        go(made)
      },
      (thrown: unknown) => setError(toAppError(thrown).toData())
    )
  }
  const folders = listing?.entries.filter((entry) => entry.isFolder) ?? []

  return (
    <Dialog
      open
      onClose={onClose}
      title={t('folder.title')}
      description={t('folder.text')}
      size="md"
      tall
      testId="folder-picker"
      onSubmit={() => {
        if (newName !== null) create()
        else if (listing === null || path !== listing.path) go(path)
        else onChoose(listing.path)
      }}
      footer={
        <>
          <Button
            className="mr-auto"
            icon={<FolderPlus size={15} aria-hidden="true" />}
            disabled={listing === null}
            onClick={() => setNewName('')}
          >
            {t('folder.new')}
          </Button>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button variant="primary" disabled={listing === null} onClick={() => listing && onChoose(listing.path)}>
            {t('folder.choose')}
          </Button>
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col gap-2.5">
        <div className="flex items-center gap-1">
          <IconButton
            label={t('folder.up')}
            icon={<CornerLeftUp size={16} aria-hidden="true" />}
            disabled={listing === null || listing.parent === null}
            onClick={() => listing?.parent != null && go(listing.parent)}
          />
          <IconButton label={t('folder.home')} icon={<House size={16} aria-hidden="true" />} onClick={() => go(undefined)} />
          <TextField aria-label={t('folder.path')} value={path} onChange={setPath} mono boxClassName="flex-1" />
        </div>
        {error === null ? null : <ErrorNote error={error} />}
        {newName === null ? null : (
          <div className="flex items-center gap-2">
            <TextField
              aria-label={t('folder.newName')}
              placeholder={t('folder.newName')}
              value={newName}
              onChange={setNewName}
              ref={focusNow}
              boxClassName="flex-1"
            />
            <Button variant="primary" onClick={create} disabled={newName.trim() === ''}>
              {t('folder.create')}
            </Button>
          </div>
        )}
        <div className="min-h-0 flex-1 overflow-y-auto rounded-lg border border-line bg-surface p-1">
          {listing === null && error === null ? (
            <div className="flex h-full items-center justify-center gap-2 text-muted">
              <Spinner />
              {t('progress.loading')}
            </div>
          ) : folders.length === 0 && listing !== null ? (
            <EmptyState title={t('folder.empty')} text={t('folder.emptyText')} className="h-full" />
          ) : (
            <ul aria-label={t('folder.list')} className="m-0 flex list-none flex-col p-0">
              {folders.map((entry) => (
                <li key={entry.path}>
                  <button
                    type="button"
                    onClick={() => go(entry.path)}
                    className="flex h-7.5 w-full items-center gap-2 rounded-md px-2 text-left text-base text-text hover:bg-hover"
                  >
                    <Folder size={15} className="shrink-0 text-accent" aria-hidden="true" />
                    <span className="truncate">{entry.name}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </Dialog>
  )
}
