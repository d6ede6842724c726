import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Metadata } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { Button, Dialog, EmptyState, ErrorNote, Field, IconButton, TextField } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useSubmit } from '../files/use-submit.ts'
import { cellOf, withCells, withKey } from './model.ts'
import { change, rangeOf, useGrid } from './session.ts'

/** Sets of keys with values to begin with: used on the selected rows, saved from the row of the cursor. */
export function TemplatesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('grid')
  const format = useFormat()
  const templates = useInfo((info) => info.settings.metadataTemplates)
  const grid = useGrid((state) => state.grid)
  const cursor = useGrid((state) => state.cursor.row)
  const [name, setName] = useState('')
  const { busy, error, submit } = useSubmit()
  const row = grid.rows[cursor]
  const entries: Metadata = {}
  for (const key of grid.keys) {
    // A key without a value is a key to be filled in.
    if (key !== 'filename') entries[key] = cellOf(grid, cursor, key) ?? ''
  }
  const keys = Object.keys(entries)

  const use = (template: Metadata): void => {
    const { top, bottom } = rangeOf(useGrid.getState())
    change((now) => {
      const wanted = Object.entries(template)
      const cells = []
      for (let at = top; at <= bottom; at += 1) {
        // What a file has already is worth more than what a template proposes.
        for (const [key, value] of wanted) if (value !== '' && cellOf(now, at, key) === null) cells.push({ row: at, key, value })
      }
      return withCells(
        wanted.reduce((next, [key]) => withKey(next, key), now),
        cells
      )
    })
    onClose()
  }
  const save = (next: typeof templates): void =>
    submit(
      () => call('settings.set', { metadataTemplates: [...next] }),
      () => setName('')
    )
  const trimmed = name.trim()
  return (
    <Dialog open testId="templates-dialog" onClose={onClose} title={t('templates.title')} description={t('templates.text')}>
      <div className="flex flex-col gap-4">
        {templates.length === 0 ? (
          <EmptyState title={t('templates.empty')} text={keys.length === 0 ? t('templates.emptyText') : undefined} />
        ) : null}
        <ul className="m-0 flex list-none flex-col p-0">
          {templates.map((template) => (
            <li key={template.name} className="flex min-h-11 items-center gap-2 border-b border-line last:border-0">
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{template.name}</span>
                <span className="block truncate text-sm text-muted">{format.list(Object.keys(template.entries))}</span>
              </span>
              <Button size="sm" onClick={() => use(template.entries)}>
                {t('templates.use')}
              </Button>
              <IconButton
                size="sm"
                label={t('templates.remove', { name: template.name })}
                icon={<Trash2 size={14} aria-hidden="true" />}
                onClick={() => save(templates.filter((each) => each !== template))}
              />
            </li>
          ))}
        </ul>
        {keys.length === 0 || row === undefined ? null : (
          <form
            className="flex items-end gap-2 border-t border-line pt-4"
            onSubmit={(event) => {
              event.preventDefault()
              if (trimmed !== '') save([...templates.filter((each) => each.name !== trimmed), { name: trimmed, entries }])
            }}
          >
            <Field className="flex-1" label={t('templates.save', { name: row.name })} hint={format.list(keys.slice(0, 8))}>
              <TextField value={name} onChange={setName} placeholder={t('templates.name')} />
            </Field>
            <Button type="submit" busy={busy} disabled={trimmed === ''} className="mb-6">
              {t('templates.saveConfirm')}
            </Button>
          </form>
        )}
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}
