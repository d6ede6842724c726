import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { KIND_VALUES, kindValue, MARK_VALUES, STATE_VALUES, TYPE_VALUES, type IsValue } from '../../../../shared/search/kinds.ts'
import { filterValues, withFilter } from '../../../../shared/search/syntax.ts'
import { Field, Select, TextField } from '../../../components/index.ts'
import { useFiles, useFilesActions } from '../context.tsx'

const ANY = 'any'

/** Filters by the mouse: they write the words that can be typed. */
export function Filters() {
  const { t } = useTranslation(['search', 'files'])
  const actions = useFilesActions()
  const text = useFiles((state) => state.query.text ?? '')
  const applied = filterValues(text, 'ext').join(', ')
  const [ext, setExt] = useState(applied)
  const values = filterValues(text, 'is')
  const set = (key: 'ext' | 'is' | 'size' | 'created', next: readonly string[]): void => {
    actions.patchQuery({ text: withFilter(text, key, next) })
  }
  const applyExt = (): void => {
    if (ext !== applied) {
      set(
        'ext',
        ext
          .split(/[\s,，、]+/u)
          .map((one) => one.replace(/^\.+/, '').toLowerCase())
          .filter((one) => one !== '')
      )
    }
  }
  const hintOf = (option: IsValue): { hint?: string } => {
    const kind = kindValue(option)
    return kind === null ? {} : { hint: t(`files:kindHint.${kind}`) }
  }
  /** One choice among values of `is`, beside the others. */
  const choice = (label: string, options: readonly IsValue[], testId: string) => (
    <Field label={label}>
      <Select
        testId={testId}
        value={options.find((option) => values.includes(option)) ?? ANY}
        onChange={(next) =>
          set('is', [...values.filter((value) => !(options as readonly string[]).includes(value)), ...(next === ANY ? [] : [next])])
        }
        options={[
          { value: ANY, label: t('any') },
          ...options.map((option) => ({ value: option as string, label: t(`is.${option}`), ...hintOf(option) }))
        ]}
      />
    </Field>
  )
  const only = (key: 'size' | 'created', options: readonly { value: string; label: string }[]) => (
    <Field label={t(`key.${key}`)}>
      <Select
        testId={`filter-${key}`}
        value={filterValues(text, key)[0] ?? ANY}
        onChange={(next) => set(key, next === ANY ? [] : [next])}
        options={[
          { value: ANY, label: t('any') },
          ...options,
          ...filterValues(text, key)
            .filter((value) => !options.some((option) => option.value === value))
            .map((value) => ({ value, label: value }))
        ]}
      />
    </Field>
  )
  return (
    <form
      className="flex w-64 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        applyExt()
      }}
    >
      <Field label={t('files:filter.ext')} hint={t('files:filter.extHint')}>
        <TextField value={ext} onChange={setExt} onBlur={applyExt} placeholder="jpg, psd" maxLength={120} />
      </Field>
      {choice(t('sort'), TYPE_VALUES, 'filter-type')}
      {only('size', [
        { value: '<100kb', label: t('size.small') },
        { value: '>10kb', label: t('size.over', { size: '10 KB' }) },
        { value: '>100kb', label: t('size.over', { size: '100 KB' }) },
        { value: '>1mb', label: t('size.over', { size: '1 MB' }) },
        { value: '>10mb', label: t('size.over', { size: '10 MB' }) },
        { value: '>100mb', label: t('size.over', { size: '100 MB' }) },
        { value: '>1gb', label: t('size.over', { size: '1 GB' }) }
      ])}
      {only('created', [
        { value: 'today', label: t('date.today') },
        { value: '7d', label: t('date.week') },
        { value: '30d', label: t('date.month') },
        { value: 'year', label: t('date.year') }
      ])}
      {choice(t('mark'), [...MARK_VALUES], 'filter-mark')}
      {choice(t('files:filter.kind'), KIND_VALUES, 'filter-kind')}
      {choice(t('files:filter.state'), STATE_VALUES, 'filter-state')}
    </form>
  )
}
