import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Checkbox, Dialog, Field, Segmented, TextField } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Range } from './model.ts'
import { replacements, withCells } from './model.ts'
import { change, rangeOf, select, useGrid } from './session.ts'

/** Find and replace, in the selected cells or in all of them. */
export function ReplaceDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['grid', 'common'])
  const format = useFormat()
  const grid = useGrid((state) => state.grid)
  const [range] = useState(() => rangeOf(useGrid.getState()))
  const single = range.top === range.bottom && range.left === range.right
  const [find, setFind] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const [replace, setReplace] = useState('')
  const [matchCase, setMatchCase] = useState(false)
  const [wholeCell, setWholeCell] = useState(false)
  const [scope, setScope] = useState<'all' | 'selected'>(single ? 'all' : 'selected')
  const found = useMemo(() => {
    const whole: Range = { top: 0, left: 0, bottom: grid.rows.length - 1, right: grid.keys.length - 1 }
    return replacements(grid, { find, replace, matchCase, wholeCell }, scope === 'all' ? whole : range)
  }, [grid, find, replace, matchCase, wholeCell, scope, range])
  const next = (): void => {
    const { cursor } = useGrid.getState()
    const place = (row: number, column: number): number => row * grid.keys.length + column
    const at = place(cursor.row, cursor.column)
    const cells = found.map(({ row, key }) => ({ row, column: grid.keys.indexOf(key) }))
    const target = cells.find(({ row, column }) => place(row, column) > at) ?? cells[0]
    if (target !== undefined) select(target)
  }
  return (
    <Dialog
      open
      size="sm"
      testId="replace-dialog"
      initialFocus={field}
      onClose={onClose}
      title={t('replace.title')}
      onSubmit={() => {
        if (found.length === 0) return
        change((now) => withCells(now, found))
        onClose()
      }}
      footer={
        <>
          <span className="tabular mr-auto text-muted" role="status" data-testid="replace-count">
            {find === '' && !wholeCell ? '' : t('replace.count', { count: found.length, number: format.number(found.length) })}
          </span>
          <Button onClick={next} disabled={found.length === 0}>
            {t('replace.next')}
          </Button>
          <Button type="submit" variant="primary" disabled={found.length === 0}>
            {t('replace.all')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('replace.find')} hint={wholeCell ? t('replace.emptyHint') : undefined}>
          <TextField ref={field} value={find} onChange={setFind} />
        </Field>
        <Field label={t('replace.with')}>
          <TextField value={replace} onChange={setReplace} />
        </Field>
        <div className="flex flex-col gap-2">
          <Checkbox checked={matchCase} onChange={setMatchCase}>
            {t('replace.case')}
          </Checkbox>
          <Checkbox checked={wholeCell} onChange={setWholeCell}>
            {t('replace.whole')}
          </Checkbox>
        </div>
        {single ? null : (
          <Segmented
            label={t('scope.label')}
            value={scope}
            onChange={setScope}
            options={[
              { value: 'all', label: t('scope.allCells') },
              { value: 'selected', label: t('scope.selectedCells') }
            ]}
          />
        )}
      </div>
    </Dialog>
  )
}
