import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { MergePreview } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { Button, Dialog, ErrorNote, Field, Segmented, Select, TextField, toast, toastError } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { Conflicts } from './Conflicts.tsx'

const LEAVE_OUT = '-'
type Side = 'mine' | 'theirs'

/** Takes in the library of another computer: what is new, and who is right where both know something. */
export function MergeDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['library', 'common'])
  const format = useFormat()
  const native = useInfo((info) => info.host.pickFiles)
  const profiles = useInfo((info) => info.profiles)
  const [path, setPath] = useState('')
  const [found, setFound] = useState<{ preview: MergePreview; map: Record<string, string | null> } | null>(null)
  const [prefer, setPrefer] = useState<Side>('mine')
  const [choices, setChoices] = useState<Record<string, Side>>({})
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorData | null>(null)

  const attempt = (work: () => Promise<void>): void => {
    setBusy(true)
    setError(null)
    work()
      .catch((thrown: unknown) => setError(toAppError(thrown).toData()))
      .finally(() => setBusy(false))
  }
  const compare = (map: Record<string, string | null>): void =>
    attempt(async () => {
      setFound(await call('library.compare', { path: path.trim(), map }))
      setChoices({})
    })
  const merge = (): void => {
    if (found === null) return compare({})
    attempt(async () => {
      const { files } = await call('library.merge', { path: path.trim(), map: found.map, prefer, choices })
      toast({ kind: 'success', key: 'merge', title: t('merge.done', { count: files, number: format.number(files) }) })
      onClose()
    })
  }
  const number = (value: number): string => format.number(value)
  const preview = found?.preview
  const nothing = preview !== undefined && preview.added + preview.completed + preview.conflictCount === 0
  return (
    <Dialog
      open
      size="lg"
      testId="merge-dialog"
      onClose={onClose}
      title={t('merge.title')}
      description={t('merge.text')}
      onSubmit={() => {
        if (path.trim() !== '' && !nothing) merge()
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={path.trim() === '' || nothing}>
            {found === null ? t('merge.compare') : t('merge.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('merge.file')} hint={t('merge.fileHint')}>
          <div className="flex gap-2">
            <TextField
              boxClassName="flex-1"
              value={path}
              onChange={(next) => {
                setPath(next)
                setFound(null)
              }}
            />
            {native ? (
              <Button
                onClick={() => {
                  call('host.pickFiles', { folders: false })
                    .then(([first]) => {
                      if (first === undefined) return
                      setPath(first)
                      setFound(null)
                    })
                    .catch(toastError)
                }}
              >
                {t('merge.choose')}
              </Button>
            ) : null}
          </div>
        </Field>
        {found === null || preview === undefined ? null : (
          <>
            {preview.profiles.map(({ id, fileCount, groups }) => (
              <Field
                key={id}
                inline
                label={t('merge.profile', { groups: format.list(groups) })}
                hint={t('merge.files', { count: fileCount, number: number(fileCount) })}
              >
                <Select
                  className="w-56"
                  value={found.map[id] ?? LEAVE_OUT}
                  onChange={(to) => compare({ ...found.map, [id]: to === LEAVE_OUT ? null : to })}
                  options={[
                    ...profiles.map((profile) => ({
                      value: profile.id,
                      label: profile.builtIn ? t('common:connection.builtIn') : profile.name
                    })),
                    { value: LEAVE_OUT, label: t('merge.leaveOut') }
                  ]}
                />
              </Field>
            ))}
            <p className="tabular m-0 rounded-lg bg-sunken px-3 py-2.5" data-testid="merge-summary">
              {nothing
                ? t('merge.nothing')
                : t('merge.summary', {
                    added: number(preview.added),
                    completed: number(preview.completed),
                    same: number(preview.same),
                    conflicts: number(preview.conflictCount)
                  })}
            </p>
            {preview.conflictCount === 0 ? null : (
              <>
                <div className="flex items-center justify-between gap-4">
                  <span className="font-medium">{t('merge.prefer')}</span>
                  <Segmented
                    label={t('merge.prefer')}
                    value={prefer}
                    onChange={(side) => {
                      setPrefer(side)
                      setChoices({})
                    }}
                    options={[
                      { value: 'mine', label: t('merge.mine') },
                      { value: 'theirs', label: t('merge.theirs') }
                    ]}
                  />
                </div>
                <Conflicts
                  conflicts={preview.conflicts}
                  count={preview.conflictCount}
                  sideOf={(fileId) => choices[fileId] ?? prefer}
                  onSide={(fileId, side) => setChoices({ ...choices, [fileId]: side })}
                />
              </>
            )}
          </>
        )}
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}
