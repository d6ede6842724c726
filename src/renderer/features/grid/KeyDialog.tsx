import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Dialog, Field, Segmented, TextField } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES, keyProblem, utf8Length, valueProblem } from '../files/metadata-draft.ts'
import type { KeyDialogInput } from './dialogs.ts'
import { cellOf, withCells, withKey, withKeyRenamed, withoutKey } from './model.ts'
import { change, rangeOf, select, useGrid } from './session.ts'

type Scope = 'all' | 'selected'

/** Adds, renames or removes a key, for all files or for the selected rows. */
export function KeyDialog({ input, onClose }: { input: KeyDialogInput; onClose: () => void }) {
  const { t } = useTranslation(['grid', 'common'])
  const format = useFormat()
  const grid = useGrid((state) => state.grid)
  const range = useGrid((state) => rangeOf(state).bottom - rangeOf(state).top + 1)
  const selected = Math.min(range, grid.rows.length)
  const [name, setName] = useState(input.type === 'add' ? '' : input.key)
  const [value, setValue] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const [scope, setScope] = useState<Scope>(selected > 1 && selected < grid.rows.length ? 'selected' : 'all')
  const key = name.trim()
  const nameWrong = input.type === 'remove' ? null : keyProblem(key, new Set(input.type === 'add' ? grid.keys : []))
  const valueWrong = valueProblem(value)
  const same = input.type === 'rename' && key === input.key
  const limits = { key: MAX_KEY_BYTES, value: MAX_VALUE_BYTES }

  const rowsOf = (): number[] => {
    const { top, bottom } = scope === 'all' ? { top: 0, bottom: grid.rows.length - 1 } : rangeOf(useGrid.getState())
    return Array.from({ length: bottom - top + 1 }, (_, offset) => top + offset)
  }
  const submit = (): void => {
    if (nameWrong !== null || valueWrong !== null || same) return
    if (input.type === 'add') {
      const { cursor } = useGrid.getState()
      change((now) =>
        withCells(
          withKey(now, key),
          value === '' ? [] : rowsOf().flatMap((row) => (cellOf(now, row, key) === null ? [{ row, key, value }] : []))
        )
      )
      select({ row: cursor.row, column: useGrid.getState().grid.keys.indexOf(key) })
    } else if (input.type === 'rename') change((now) => withKeyRenamed(now, input.key, key, rowsOf()))
    else change((now) => withoutKey(now, input.key, rowsOf()))
    onClose()
  }
  const bytes = (text: string, limit: number) => t('cell.bytes', { bytes: utf8Length(text), limit })
  return (
    <Dialog
      open
      size="sm"
      testId="key-dialog"
      initialFocus={field}
      onClose={onClose}
      title={input.type === 'add' ? t('key.add') : t(`key.${input.type}Title`, { key: input.key })}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button
            type="submit"
            variant={input.type === 'remove' ? 'danger' : 'primary'}
            disabled={nameWrong !== null || valueWrong !== null || same}
          >
            {t(`key.${input.type}Confirm`)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {input.type === 'remove' ? (
          <p className="m-0 text-muted">{t('key.removeText')}</p>
        ) : (
          <Field
            label={input.type === 'add' ? t('key.label') : t('key.newName')}
            hint={bytes(key, MAX_KEY_BYTES)}
            error={key === '' || nameWrong === null ? undefined : t(`problem.${nameWrong}`, limits)}
          >
            <TextField ref={field} value={name} onChange={setName} />
          </Field>
        )}
        {input.type === 'add' ? (
          <Field
            label={t('key.value')}
            hint={`${t('key.valueHint')} ${bytes(value, MAX_VALUE_BYTES)}`}
            error={valueWrong === null ? undefined : t(`problem.${valueWrong}`, limits)}
          >
            <TextField value={value} onChange={setValue} />
          </Field>
        ) : null}
        {selected > 0 && selected < grid.rows.length ? (
          <Segmented
            label={t('scope.label')}
            value={scope}
            onChange={setScope}
            options={[
              { value: 'all', label: t('scope.all'), count: format.number(grid.rows.length) },
              { value: 'selected', label: t('scope.selected'), count: format.number(selected) }
            ]}
          />
        ) : null}
      </div>
    </Dialog>
  )
}
