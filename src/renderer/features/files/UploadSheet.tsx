import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Metadata } from '../../../shared/model.ts'
import type { Dropped } from '../../api/dropped-files.ts'
import { call } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import type { SelectOption } from '../../components/index.ts'
import { Button, Checkbox, Dialog, ErrorNote, Field, Menu, Select, Spinner } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles } from './context.tsx'
import { FolderInput } from './FolderInput.tsx'
import type { UploadChoice } from './intake.ts'
import { closeSheet, startUpload, useIntake } from './intake.ts'
import type { Pair } from './PairsEditor.tsx'
import { PairsEditor, problemOf } from './PairsEditor.tsx'
import { rememberChoice, rememberedChoice } from './upload-choice.ts'
import { useSubmit } from './use-submit.ts'

const AUTOMATIC = ''

/** Groups of the cluster as choices, with the space they have. A cluster that does not answer leaves the tracker's choice. */
function useGroupOptions(preferred: string | null): SelectOption<string>[] {
  const { t } = useTranslation('files')
  const format = useFormat()
  const [groups, setGroups] = useState<{ name: string; hint: string; full: boolean }[]>([])
  useEffect(() => {
    let current = true
    call('cluster.overview', { fresh: false }).then(
      (overview) => {
        if (!current) return
        setGroups(
          overview.groups.map((group) => ({
            name: group.name,
            hint: t('upload.free', { size: format.bytes(group.freeBytes) }),
            full: group.writableCount === 0
          }))
        )
      },
      // Uploading says better what is wrong with the cluster than a list of groups could.
      () => undefined
    )
    return () => {
      current = false
    }
  }, [t, format])
  const known = groups.map((group): SelectOption<string> => ({
    value: group.name,
    label: group.name,
    hint: group.hint,
    disabled: group.full
  }))
  const missing = preferred !== null && !groups.some((group) => group.name === preferred)
  return [
    { value: AUTOMATIC, label: t('upload.automatic'), hint: t('upload.automaticHint') },
    ...known,
    ...(missing ? [{ value: preferred, label: preferred }] : [])
  ]
}

const pairsOf = (metadata: Metadata): Pair[] => Object.entries(metadata).map(([key, value], index) => ({ id: index + 1, key, value }))

/** What was written already stays; keys without a value come with an empty one, to be filled in. */
function withTemplate(pairs: readonly Pair[], entries: Metadata): Pair[] {
  const written = pairs.filter((pair) => pair.key !== '' || pair.value !== '')
  const added = Object.entries(entries).filter(([key]) => !written.some((pair) => pair.key === key))
  return [...written.map(({ key, value }) => [key, value] as const), ...added].map(([key, value], index) => ({ id: index + 1, key, value }))
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

/** What was dropped, in a line or a few. */
function Contents({ dropped }: { dropped: Dropped }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const names = useMemo(
    () =>
      dropped.kind === 'paths' ? dropped.paths.map(nameOf) : [...new Set(dropped.files.map(({ path }) => path.split('/')[0] ?? path))],
    [dropped]
  )
  const total = useMemo(() => (dropped.kind === 'files' ? dropped.files.reduce((sum, { file }) => sum + file.size, 0) : null), [dropped])
  const count = dropped.kind === 'files' ? dropped.files.length : dropped.paths.length
  const label =
    dropped.kind === 'files'
      ? t('summary.size', { files: t('title.count', { count, number: format.number(count) }), size: format.bytes(total ?? 0) })
      : t('upload.items', { count, number: format.number(count) })
  if (count === 0 && (dropped.kind === 'paths' || dropped.unread.length === 0))
    return <p className="m-0 text-muted">{t('upload.nothing')}</p>
  return (
    <div className="flex flex-col gap-1 rounded-lg bg-sunken px-3 py-2.5">
      <span className="tabular font-medium" data-testid="upload-summary">
        {label}
      </span>
      <span className="line-clamp-2 text-sm break-all text-muted">
        {format.list(names.slice(0, 5))}
        {names.length > 5 ? ` ${t('summary.more', { count: names.length - 5, number: format.number(names.length - 5) })}` : ''}
      </span>
      {dropped.kind === 'files' && dropped.unread.length > 0 ? (
        <span className="mt-1 text-sm text-danger" role="alert">
          {t('upload.unread', { count: dropped.unread.length, names: format.list(dropped.unread.slice(0, 3)) })}
        </span>
      ) : null}
    </div>
  )
}

function Sheet({ dropped }: { dropped: Dropped | null }) {
  const { t } = useTranslation(['files', 'common', 'grid'])
  const templates = useInfo((info) => info.settings.metadataTemplates)
  const preferred = useInfo((info) => activeProfile(info)?.defaultGroup ?? null)
  const shownFolder = useFiles((state) => state.query.folder)
  const shownGroup = useFiles((state) => state.query.group)
  const profileId = useInfo((info) => info.activeProfileId)
  const [last] = useState(() => rememberedChoice(profileId))
  const usual = useInfo((info) => info.settings.duplicates)
  // Where the user is looking comes first; then what was to be done again.
  const [group, setGroup] = useState(shownGroup ?? last?.group ?? preferred ?? AUTOMATIC)
  const [folder, setFolder] = useState(shownFolder ?? last?.folder ?? '')
  const [pairs, setPairs] = useState<Pair[]>(() => pairsOf(last?.metadata ?? {}))
  const [skip, setSkip] = useState((last?.duplicates ?? usual) === 'skip')
  const [again, setAgain] = useState(last !== null)
  const options = useGroupOptions(group === AUTOMATIC ? null : group)
  const confirm = useRef<HTMLButtonElement>(null)
  const { busy, error, submit } = useSubmit()

  const written = pairs.filter((pair) => pair.key !== '' || pair.value !== '')
  const valid = written.every((pair) => problemOf(pair, written) === null)
  const something = dropped !== null && (dropped.kind === 'paths' || dropped.files.length > 0)
  // Enter accepts from the first moment on, also when the folders were read later.
  useEffect(() => {
    if (something) confirm.current?.focus()
  }, [something])
  return (
    <Dialog
      open
      testId="upload-sheet"
      onClose={closeSheet}
      title={t('upload.title')}
      initialFocus={confirm}
      onSubmit={() => {
        if (dropped === null || !valid || !something) return
        const choice: UploadChoice = {
          group: group === AUTOMATIC ? null : group,
          folder: folder.trim().replace(/^\/+|\/+$/g, ''),
          metadata: Object.fromEntries(written.map((pair) => [pair.key.trim(), pair.value])),
          duplicates: skip ? 'skip' : 'send'
        }
        rememberChoice(profileId, again ? choice : null)
        submit(() => startUpload(dropped, choice), closeSheet)
      }}
      footer={
        <>
          <Button onClick={closeSheet}>{t('common:action.cancel')}</Button>
          <Button ref={confirm} type="submit" variant="primary" busy={busy} disabled={!something || !valid}>
            {t('upload.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {dropped === null ? (
          <p className="m-0 flex items-center gap-2 text-muted" role="status">
            <Spinner />
            {t('upload.reading')}
          </p>
        ) : (
          <Contents dropped={dropped} />
        )}
        <div className="grid grid-cols-2 gap-4">
          <Field label={t('upload.group')}>
            <Select value={group} onChange={setGroup} options={options} testId="upload-group" />
          </Field>
          <Field label={t('folder.label')}>
            <FolderInput value={folder} onChange={setFolder} />
          </Field>
        </div>
        <section aria-label={t('metadata.title')} className="flex flex-col gap-1.5">
          <h3 className="m-0 text-base font-medium">{t('metadata.title')}</h3>
          <p className="m-0 text-sm text-muted">{t('upload.metadataHint')}</p>
          <PairsEditor pairs={pairs} onChange={setPairs} />
          {templates.length === 0 ? null : (
            <Menu
              items={templates.map((template) => ({
                label: template.name,
                onSelect: () => setPairs(withTemplate(pairs, template.entries))
              }))}
              trigger={
                <Button size="sm" variant="ghost" className="self-start" data-testid="upload-template">
                  {t('grid:templates.open')}
                </Button>
              }
            />
          )}
        </section>
        <div className="flex flex-col gap-2 border-t border-line pt-4">
          <Checkbox checked={skip} onChange={setSkip} hint={t('upload.skipHint')}>
            {t('upload.skip')}
          </Checkbox>
          <Checkbox checked={again} onChange={setAgain} hint={t('upload.againHint')}>
            {t('upload.again')}
          </Checkbox>
        </div>
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}

/** Asks where dropped files go. */
export function UploadSheet() {
  const sheet = useIntake((state) => state.sheet)
  return sheet === null ? null : <Sheet dropped={sheet.dropped} />
}
