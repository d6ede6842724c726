import { CircleCheck, RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileSelection, Metadata } from '../../../shared/model.ts'
import { Badge, Button, ErrorNote, IconButton, Segmented, TextField, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { setDraft, useDraft, useOtherDrafts } from './drafts.ts'
import type { CommonValue, Draft } from './metadata-draft.ts'
import {
  CLEAN,
  MAX_KEY_BYTES,
  MAX_VALUE_BYTES,
  commonValues,
  isDirty,
  keyProblem,
  toPatch,
  valueProblem,
  withRemoved,
  withRestored,
  withValue
} from './metadata-draft.ts'
import { ByteCount, useProblemText } from './PairsEditor.tsx'
import { useSaveMetadata } from './use-save-metadata.ts'

interface RowProps {
  common: CommonValue
  /** How many files are edited. */
  files: number
  draft: Draft
  disabled: boolean
  onChange: (draft: Draft) => void
}

/** One key of the files: its value, or that they differ. */
function ExistingRow({ common, files, draft, disabled, onChange }: RowProps) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const problemText = useProblemText()
  const { key, value: was, fileCount } = common
  const removed = draft.removed.has(key)
  const changed = draft.set[key]
  const problem = changed === undefined ? null : valueProblem(changed)
  return (
    <div className="flex flex-col gap-1" data-testid="metadata-row" data-key={key}>
      <div className="flex min-w-0 items-center gap-1.5">
        <span className={cx('min-w-0 truncate text-sm font-medium', removed ? 'text-faint line-through' : 'text-muted')}>{key}</span>
        {changed !== undefined ? <Badge tone="accent">{t('metadata.changed')}</Badge> : null}
        {removed ? <Badge tone="danger">{t('metadata.removed')}</Badge> : null}
        {fileCount < files ? (
          <Badge>{t('metadata.someFiles', { count: fileCount, number: format.number(fileCount), total: format.number(files) })}</Badge>
        ) : null}
        <span className="flex-1" />
        <ByteCount text={changed ?? ''} max={MAX_VALUE_BYTES} />
      </div>
      <div className="flex items-center gap-1">
        <TextField
          aria-label={t('metadata.valueOf', { key })}
          value={removed ? '' : (changed ?? was ?? '')}
          placeholder={was === null && !removed ? t('metadata.multiple') : ''}
          disabled={disabled || removed}
          onChange={(value) => onChange(withValue(draft, key, value, was))}
          aria-invalid={problem !== null}
          boxClassName="flex-1"
        />
        {removed || changed !== undefined ? (
          <IconButton
            size="sm"
            label={t('metadata.restore', { key })}
            disabled={disabled}
            icon={<RotateCcw size={13} aria-hidden="true" />}
            onClick={() => onChange(withRestored(draft, key))}
          />
        ) : (
          <IconButton
            size="sm"
            label={t('metadata.remove', { key })}
            disabled={disabled}
            icon={<Trash2 size={13} aria-hidden="true" />}
            onClick={() => onChange(withRemoved(draft, key, true))}
          />
        )}
      </div>
      {problem === null ? null : <span className="text-sm text-danger">{problemText(problem)}</span>}
    </div>
  )
}

/** A key that none of the files has yet. */
function AddedRow({
  name,
  draft,
  disabled,
  onChange
}: {
  name: string
  draft: Draft
  disabled: boolean
  onChange: (draft: Draft) => void
}) {
  const { t } = useTranslation('files')
  const problemText = useProblemText()
  const value = draft.set[name] ?? ''
  const problem = valueProblem(value)
  return (
    <div className="flex flex-col gap-1" data-testid="metadata-row" data-key={name}>
      <div className="flex min-w-0 items-center gap-1.5">
        <span className="min-w-0 truncate text-sm font-medium text-muted">{name}</span>
        <Badge tone="success">{t('metadata.new')}</Badge>
        <span className="flex-1" />
        <ByteCount text={value} max={MAX_VALUE_BYTES} />
      </div>
      <div className="flex items-center gap-1">
        <TextField
          aria-label={t('metadata.valueOf', { key: name })}
          value={value}
          disabled={disabled}
          onChange={(next) => onChange({ ...draft, set: { ...draft.set, [name]: next } })}
          aria-invalid={problem !== null}
          boxClassName="flex-1"
        />
        <IconButton
          size="sm"
          label={t('metadata.remove', { key: name })}
          disabled={disabled}
          icon={<Trash2 size={13} aria-hidden="true" />}
          onClick={() => onChange(withRemoved(draft, name, false))}
        />
      </div>
      {problem === null ? null : <span className="text-sm text-danger">{problemText(problem)}</span>}
    </div>
  )
}

function AddForm({
  taken,
  disabled,
  onAdd
}: {
  taken: ReadonlySet<string>
  disabled: boolean
  onAdd: (key: string, value: string) => void
}) {
  const { t } = useTranslation('files')
  const problemText = useProblemText()
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const problem = key === '' && value === '' ? null : (keyProblem(key.trim(), taken) ?? valueProblem(value))
  const bad = problem !== null && problem !== 'empty'
  return (
    <form
      aria-label={t('metadata.add')}
      className="flex flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        if (key.trim() === '' || problem !== null) return
        onAdd(key.trim(), value)
        setKey('')
        setValue('')
        event.currentTarget.querySelector('input')?.focus()
      }}
    >
      <div className="flex items-center gap-1.5">
        <TextField
          aria-label={t('metadata.key')}
          placeholder={t('metadata.key')}
          value={key}
          onChange={setKey}
          disabled={disabled}
          aria-invalid={bad && problem !== 'valueTooLong'}
          boxClassName="w-2/5"
        />
        <TextField
          aria-label={t('metadata.value')}
          placeholder={t('metadata.value')}
          value={value}
          onChange={setValue}
          disabled={disabled}
          aria-invalid={problem === 'valueTooLong'}
          boxClassName="flex-1"
        />
        <Button type="submit" disabled={disabled || key.trim() === '' || problem !== null}>
          {t('metadata.addShort')}
        </Button>
      </div>
      <div className="flex justify-between gap-2 empty:hidden">
        {bad ? <span className="text-sm text-danger">{problemText(problem)}</span> : null}
        <ByteCount text={key} max={MAX_KEY_BYTES} />
        <ByteCount text={value} max={MAX_VALUE_BYTES} />
      </div>
    </form>
  )
}

/** The way back from what was just saved. */
function UndoSaved({ batchId, onUndo }: { batchId: number; onUndo: (batchId: number) => void }) {
  const { t } = useTranslation('grid')
  return (
    <Button size="sm" className="self-start" data-testid="metadata-undo" onClick={() => onUndo(batchId)}>
      {t('written.undo')}
    </Button>
  )
}

/** Metadata of one or several files: shows what they have in common and where they differ; nothing changes before Save. */
export function MetadataEditor({
  values,
  selection,
  count,
  draftId,
  writable,
  onSaved
}: {
  values: readonly Metadata[]
  selection: FileSelection
  /** Files that are changed; more than `values` when only some were looked at. */
  count: number
  draftId: string
  writable: boolean
  onSaved: () => void
}) {
  const { t } = useTranslation(['files', 'common'])
  const format = useFormat()
  const draft = useDraft(draftId)
  const others = useOtherDrafts(draftId)
  const [mode, setMode] = useState<'merge' | 'overwrite'>('merge')
  const { state, save, undo } = useSaveMetadata()
  const common = commonValues(values)
  const existing = new Set(common.map(({ key }) => key))
  const added = Object.keys(draft.set).filter((key) => !existing.has(key))
  const change = (next: Draft): void => setDraft(draftId, next)
  const { patch, lost } = toPatch(draft, common, mode === 'overwrite')
  const valid = Object.values(draft.set).every((value) => valueProblem(value) === null)
  const dirty = isDirty(draft)
  const saving = state.tag === 'saving'
  const disabled = !writable || saving
  return (
    <div className="flex flex-col gap-3">
      {common.length === 0 && added.length === 0 ? <p className="m-0 text-muted">{t('metadata.none')}</p> : null}
      {common.map((entry) => (
        <ExistingRow key={entry.key} common={entry} files={values.length} draft={draft} disabled={disabled} onChange={change} />
      ))}
      {added.map((key) => (
        <AddedRow key={key} name={key} draft={draft} disabled={disabled} onChange={change} />
      ))}
      {writable ? (
        <AddForm
          taken={new Set([...existing, ...added])}
          disabled={saving}
          onAdd={(key, value) => change({ ...draft, set: { ...draft.set, [key]: value } })}
        />
      ) : (
        <p className="m-0 text-sm text-muted">{t('readOnly')}</p>
      )}
      {dirty ? (
        <div className="flex flex-col gap-2.5 rounded-lg bg-sunken p-3">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <Segmented
              label={t('metadata.mode')}
              value={mode}
              onChange={setMode}
              options={[
                { value: 'merge', label: t('metadata.merge') },
                { value: 'overwrite', label: t('metadata.overwrite') }
              ]}
            />
          </div>
          <p className="m-0 text-sm text-muted">{mode === 'merge' ? t('metadata.mergeHint') : t('metadata.overwriteHint')}</p>
          {lost.length === 0 ? null : (
            <p className="m-0 text-sm text-danger">{t('metadata.lost', { count: lost.length, keys: format.list(lost) })}</p>
          )}
          <div className="flex items-center gap-2">
            <Button
              variant="primary"
              busy={saving}
              disabled={!valid || !writable}
              onClick={() =>
                save(selection, patch, () => {
                  setDraft(draftId, CLEAN)
                  onSaved()
                })
              }
            >
              {count === 1 ? t('metadata.save') : t('metadata.saveMany', { count, number: format.number(count) })}
            </Button>
            <Button variant="ghost" disabled={saving} onClick={() => change(CLEAN)}>
              {t('metadata.discard')}
            </Button>
          </div>
        </div>
      ) : null}
      {state.tag === 'failed' ? <ErrorNote error={state.error} /> : null}
      {state.tag === 'partly' ? (
        <p role="alert" className="m-0 text-sm text-danger">
          {t('metadata.partly', { count: state.failed, number: format.number(state.failed) })}
        </p>
      ) : null}
      <p role="status" className="m-0 flex items-center gap-1.5 text-sm text-success empty:hidden">
        {state.tag === 'saved' && !dirty ? (
          <>
            <CircleCheck size={14} aria-hidden="true" />
            {t('metadata.saved')}
          </>
        ) : null}
      </p>
      {state.tag === 'saved' && state.batchId !== null && !dirty ? (
        <UndoSaved batchId={state.batchId} onUndo={(batchId) => undo(batchId, onSaved)} />
      ) : null}
      {others > 0 ? <p className="m-0 text-sm text-warning">{t('metadata.otherDrafts', { count: others })}</p> : null}
    </div>
  )
}
