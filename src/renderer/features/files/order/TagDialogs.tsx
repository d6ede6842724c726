import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TAG_COLORS, type Tag, type TagColor } from '../../../../shared/model.ts'
import { call } from '../../../api/client.ts'
import { ColorMark } from '../../../app/ProfileMark.tsx'
import { Button, ConfirmDialog, Dialog, ErrorNote, Field, TextField, cx } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useFilesActions, useFilesStore } from '../context.tsx'
import { useSubmit } from '../use-submit.ts'

/** One of a few colours. */
function ColorChoice({ value, onChange }: { value: TagColor; onChange: (color: TagColor) => void }) {
  const { t } = useTranslation('order')
  return (
    <fieldset className="m-0 flex flex-wrap gap-1.5 border-0 p-0">
      <legend className="mb-1.5 p-0 text-sm text-muted">{t('tag.color')}</legend>
      {TAG_COLORS.map((color) => (
        <label
          key={color}
          title={t(`color.${color}`)}
          className={cx(
            'flex size-8 cursor-pointer items-center justify-center rounded-md border has-focus-visible:outline-2 has-focus-visible:outline-accent',
            value === color ? 'border-accent bg-accent-soft' : 'border-transparent hover:bg-hover'
          )}
        >
          <input
            type="radio"
            name="tag-color"
            className="sr-only"
            aria-label={t(`color.${color}`)}
            checked={value === color}
            onChange={() => onChange(color)}
          />
          {color === 'none' ? (
            <span aria-hidden="true" className="size-3.5 rounded-full border-2 border-control" />
          ) : (
            <ColorMark color={color} className="size-3.5" />
          )}
        </label>
      ))}
    </fieldset>
  )
}

/** A new tag, or another name and colour of one. */
export function TagDialog({ tag, onClose }: { tag: Tag | null; onClose: () => void }) {
  const { t } = useTranslation(['order', 'common'])
  const [name, setName] = useState(tag?.name ?? '')
  const [color, setColor] = useState<TagColor>(tag?.color ?? 'blue')
  const field = useRef<HTMLInputElement>(null)
  const { busy, error, submit } = useSubmit()
  const empty = name.trim() === ''
  return (
    <Dialog
      open
      size="sm"
      testId="tag-dialog"
      onClose={onClose}
      title={tag === null ? t('tag.new') : t('tag.edit', { tag: tag.name })}
      initialFocus={field}
      onSubmit={() => {
        if (!empty) submit(() => call('order.saveTag', { name, color, ...(tag === null ? {} : { from: tag.name }) }), onClose)
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={empty}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3.5">
        <Field label={t('tag.name')}>
          <TextField ref={field} value={name} onChange={setName} maxLength={64} />
        </Field>
        <ColorChoice value={color} onChange={setColor} />
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}

export function RemoveTagDialog({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation('order')
  const format = useFormat()
  const actions = useFilesActions()
  const store = useFilesStore()
  const { busy, error, submit } = useSubmit()
  return (
    <ConfirmDialog
      open
      danger={false}
      onClose={onClose}
      testId="tag-remove"
      title={t('tag.removeTitle', { tag: tag.name })}
      confirmLabel={t('tag.remove')}
      busy={busy}
      onConfirm={() =>
        submit(
          () => call('order.removeTag', { name: tag.name }),
          () => {
            if (store.getState().query.tag === tag.name) actions.setQuery({})
            onClose()
          }
        )
      }
    >
      <p className="m-0">{t('tag.removeText', { count: tag.fileCount, number: format.number(tag.fileCount) })}</p>
      {error === null ? null : <ErrorNote error={error} />}
    </ConfirmDialog>
  )
}
