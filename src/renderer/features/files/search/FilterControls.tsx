import { Popover } from '@base-ui/react/popover'
import { BookmarkPlus, Check, ChevronsUpDown, ListFilter, X } from 'lucide-react'
import { Suspense, lazy } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileQuery } from '../../../../shared/model.ts'
import type { IsValue } from '../../../../shared/search/kinds.ts'
import type { Term } from '../../../../shared/search/syntax.ts'
import { filterValues, parseSearch, printTerm, withFilter, withoutTerm } from '../../../../shared/search/syntax.ts'
import type { MenuEntry } from '../../../components/index.ts'
import { Button, IconButton, Menu, Spinner, cx } from '../../../components/index.ts'
import { useFiles, useFilesActions, useFilesStore } from '../context.tsx'
import { openDialog } from '../dialogs.ts'
import { isFiltered } from '../store.ts'

// Fetched when it is opened.
const Filters = lazy(async () => ({ default: (await import('./Filters.tsx')).Filters }))

/** The group by the sidebar or by the search box: here it is one thing. */
function GroupFilter() {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const groups = useFiles((state) => state.groups)
  const query = useFiles((state) => state.query)
  const text = query.text ?? ''
  const typed = filterValues(text, 'group')
  const group = query.group ?? (typed.length === 1 ? (typed[0] ?? '') : '')
  const names = groups.map((each) => each.group)
  const all = group === '' || names.includes(group) ? names : [...names, group]
  const choose = (next: string): void =>
    actions.patchQuery({ group: undefined, text: withFilter(text, 'group', next === '' ? [] : [next]) })
  const items: MenuEntry[] = ['', ...all].map((name) => ({
    label: name === '' ? t('filter.allGroups') : name,
    icon: name === group ? <Check size={14} className="text-accent" aria-hidden="true" /> : null,
    onSelect: () => choose(name)
  }))
  return (
    <Menu
      items={items}
      trigger={
        <button
          type="button"
          data-testid="filter-group"
          className="flex h-7.5 min-w-16 items-center gap-1.5 rounded-md px-2 text-base text-text transition-colors hover:bg-hover data-popup-open:bg-hover"
        >
          <span className="sr-only">{t('filter.group')}</span>
          <span className="max-w-40 truncate">{group === '' ? t('filter.allGroups') : group}</span>
          <ChevronsUpDown size={14} className="shrink-0 text-faint" aria-hidden="true" />
        </button>
      }
    />
  )
}

type Tone = 'accent' | 'warning' | 'danger' | 'muted'
const TONES: Record<Tone, string> = {
  accent: 'bg-accent-soft text-accent',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
  muted: 'bg-sunken text-muted'
}

interface ChipData {
  id: string
  label: string
  hint?: string
  tone: Tone
  remove: Partial<FileQuery>
}

/** A filter that is on, and the way to turn it off. */
function Chip({ chip: { label, hint, tone, remove } }: { chip: ChipData }) {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  return (
    <span
      className={cx('flex h-6 min-w-0 shrink-0 items-center gap-0.5 rounded-md pl-2 text-sm', TONES[tone])}
      data-testid="filter-chip"
      data-tone={tone}
    >
      <span className="max-w-56 truncate" title={hint}>
        {label}
        {hint === undefined ? null : <span className="sr-only">. {hint}</span>}
      </span>
      <button
        type="button"
        aria-label={t('filter.remove', { name: label })}
        onClick={() => actions.patchQuery(remove)}
        className="flex size-6 items-center justify-center rounded-md hover:bg-selection"
      >
        <X size={12} aria-hidden="true" />
      </button>
    </span>
  )
}

function useChips(): ChipData[] {
  const { t } = useTranslation(['search', 'files'])
  const query = useFiles((state) => state.query)
  const { text = '' } = query
  const chips: ChipData[] = []
  const scope = (id: string, label: string, remove: Partial<FileQuery>): void => void chips.push({ id, label, tone: 'accent', remove })
  if (query.batchId !== undefined) scope('batch', t('files:filter.batch'), { batchId: undefined })
  if (query.folder !== undefined) {
    scope('folder', query.folder === '' ? t('files:filter.noFolder') : query.folder, { folder: undefined, recursive: undefined })
  }
  if (query.group !== undefined) scope('group', `${t('key.group')}: ${query.group}`, { group: undefined })
  if (query.ext !== undefined) scope('ext', `.${query.ext}`, { ext: undefined })
  if (query.kind !== undefined) scope('kind', t(`files:kind.${query.kind}`), { kind: undefined })
  if (query.state !== undefined) scope('state', t(`files:state.${query.state}`), { state: undefined })
  if (query.tag !== undefined) scope('tag', `${t('key.tag')}: ${query.tag}`, { tag: undefined })
  parseSearch(text).forEach((term, index) => {
    const chip = describe(term)
    if (chip !== null) chips.push({ ...chip, id: `${index} ${printTerm(term)}`, remove: { text: withoutTerm(text, term) } })
  })
  // What is not understood must be seen first.
  const rank = (chip: ChipData): number => ['danger', 'warning'].indexOf(chip.tone)
  return chips.sort((a, b) => (rank(a) < 0 ? 9 : rank(a)) - (rank(b) < 0 ? 9 : rank(b)))

  function describe(term: Term): { label: string; tone: Tone; hint?: string } | null {
    const not = (label: string): string => (term.not ? t('not', { filter: label }) : label)
    switch (term.type) {
      case 'text':
        if (term.unknownKey !== null) return { label: term.text, tone: 'warning', hint: t('unknown', { key: term.unknownKey }) }
        return term.not ? { label: not(term.text), tone: 'accent' } : null
      case 'unfinished':
        return { label: `${printTerm(term)}…`, tone: 'muted', hint: t('unfinished') }
      case 'invalid':
        return { label: t('invalid', { filter: printTerm(term) }), tone: 'danger', hint: t('invalidHint', { value: term.bad }) }
      case 'filter': {
        const { key, name, values } = term.filter
        if (key === 'is' || key === 'kind')
          return { label: not(values.map((value) => t(`is.${value as IsValue}`)).join(', ')), tone: 'accent' }
        return { label: not(`${key === 'meta' ? name : t(`key.${key}`)}: ${values.join(', ')}`), tone: 'accent' }
      }
    }
  }
}

/** Filters by the mouse, and what is on: clicked and typed ones are the same. */
export function FilterControls() {
  const { t } = useTranslation(['search', 'files'])
  const store = useFilesStore()
  const chips = useChips()
  const filtered = useFiles((state) => isFiltered(state.query))
  return (
    <>
      <GroupFilter />
      <Popover.Root>
        <Popover.Trigger
          render={
            <Button variant="ghost" icon={<ListFilter size={15} className="text-faint" aria-hidden="true" />} data-testid="filter-more">
              <span className="@max-[30rem]:sr-only">{t('files:filter.more')}</span>
            </Button>
          }
        />
        <Popover.Portal>
          <Popover.Positioner className="z-30" sideOffset={6} align="start">
            <Popover.Popup aria-label={t('files:filter.more')} className="pop rounded-lg bg-raised p-3.5 shadow-pop outline-none">
              <Suspense fallback={<Spinner />}>
                <Filters />
              </Suspense>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      <div className="flex min-w-0 flex-1 items-center gap-1.5 overflow-x-auto [scrollbar-width:none]">
        {chips.map((chip) => (
          <Chip key={chip.id} chip={chip} />
        ))}
        {filtered ? (
          <IconButton
            size="sm"
            label={t('save')}
            data-testid="save-search"
            icon={<BookmarkPlus size={15} aria-hidden="true" />}
            onClick={() => {
              const { query, sort } = store.getState()
              openDialog({ type: 'search', search: { name: '', query, sort } })
            }}
          />
        ) : null}
      </div>
    </>
  )
}
