import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Metadata } from '../../../shared/model.ts'
import type { Dropped } from '../../api/dropped-files.ts'
import { nameBy } from '../../../shared/naming.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { Button, Checkbox, Dialog, ErrorNote, Field, Menu, Select, Spinner, TextField } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles } from './context.tsx'
import { FolderInput } from './FolderInput.tsx'
import type { UploadChoice } from './intake.ts'
import { closeSheet, startUpload, useIntake } from './intake.ts'
import type { Pair } from './PairsEditor.tsx'
import { PairsEditor, problemOf } from './PairsEditor.tsx'
import { rememberChoice, rememberedChoice } from './upload-choice.ts'
import { TagsInput, parseTags } from './upload/TagsInput.tsx'
import { UploadContents, topNames } from './upload/UploadContents.tsx'
import { AUTOMATIC, useGroupOptions } from './upload/use-group-options.ts'
import { useUploadLook } from './upload/use-upload-look.ts'
import { useSubmit } from './use-submit.ts'

/** Not for translation: they are the same in every language. */
const NAME_PARTS = { name: '{name}', number: '{n}', date: '{date}' }

const pairsOf = (metadata: Metadata): Pair[] => Object.entries(metadata).map(([key, value], index) => ({ id: index + 1, key, value }))

/** What was written already stays; keys without a value come with an empty one, to be filled in. */
function withTemplate(pairs: readonly Pair[], entries: Metadata): Pair[] {
  const written = pairs.filter((pair) => pair.key !== '' || pair.value !== '')
  const added = Object.entries(entries).filter(([key]) => !written.some((pair) => pair.key === key))
  return [...written.map(({ key, value }) => [key, value] as const), ...added].map(([key, value], index) => ({ id: index + 1, key, value }))
}

function Sheet({ dropped }: { dropped: Dropped | null }) {
  const { t } = useTranslation(['files', 'common', 'grid'])
  const format = useFormat()
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
  const [tags, setTags] = useState(last?.tags.join(', ') ?? '')
  const [naming, setNaming] = useState(last?.naming ?? '')
  const sizes = useInfo((info) => info.settings.thumbnailSizes)
  const usualThumbnails = useInfo((info) => info.settings.thumbnailsAtUpload)
  const [thumbnails, setThumbnails] = useState(last?.thumbnails ?? usualThumbnails)
  const [openedAt] = useState(() => Date.now())
  const { look, looking } = useUploadLook(dropped)
  const [skip, setSkip] = useState((last?.duplicates ?? usual) === 'skip')
  const [again, setAgain] = useState(last !== null)
  const options = useGroupOptions(group === AUTOMATIC ? null : group)
  const confirm = useRef<HTMLButtonElement>(null)
  const { busy, error, submit } = useSubmit()

  const written = pairs.filter((pair) => pair.key !== '' || pair.value !== '')
  const valid = written.every((pair) => problemOf(pair, written) === null)
  const something = dropped !== null && (dropped.kind === 'paths' || dropped.files.length > 0)
  const firstName = dropped === null ? undefined : dropped.kind === 'files' ? dropped.files[0]?.file.name : topNames(dropped)[0]
  const example = naming.trim() === '' || firstName === undefined ? null : nameBy(naming.trim(), firstName, 1, openedAt)
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
          duplicates: skip ? 'skip' : 'send',
          tags: parseTags(tags),
          naming: naming.trim(),
          thumbnails
        }
        // A name without anything that changes is the name of these files only.
        rememberChoice(profileId, again ? { ...choice, naming: choice.naming.includes('{') ? choice.naming : '' } : null)
        submit(() => startUpload(dropped, choice, sizes), closeSheet)
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
          <UploadContents dropped={dropped} look={look} looking={looking} />
        )}
        <div className="grid grid-cols-2 gap-4">
          <Field label={t('upload.group')}>
            <Select value={group} onChange={setGroup} options={options} testId="upload-group" />
          </Field>
          <Field label={t('folder.label')}>
            <FolderInput value={folder} onChange={setFolder} />
          </Field>
          <Field label={t('upload.tags')}>
            <TagsInput value={tags} onChange={setTags} />
          </Field>
          <Field
            label={t('upload.name')}
            hint={example === null ? t('upload.nameHint', NAME_PARTS) : t('upload.nameExample', { name: example })}
          >
            <TextField
              value={naming}
              onChange={setNaming}
              maxLength={255}
              placeholder={t('upload.namePlaceholder', { count: look?.files ?? 2 })}
              data-testid="upload-name"
            />
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
          {sizes.length > 0 && ((look?.pictures ?? 0) > 0 || thumbnails) ? (
            <Checkbox checked={thumbnails} onChange={setThumbnails} hint={t('upload.thumbnailsHint')}>
              {t('upload.thumbnails', { sizes: format.list(sizes.map((size) => size.replace('x', ' × '))) })}
            </Checkbox>
          ) : null}
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
