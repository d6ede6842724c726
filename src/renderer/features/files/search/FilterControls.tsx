import { BookmarkPlus, Check, ChevronsUpDown, ListFilter, X } from 'lucide-react'
import { Suspense, lazy, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileQuery } from '../../../../shared/model.ts'
import type { IsValue } from '../../../../shared/search/kinds.ts'
import type { Term } from '../../../../shared/search/syntax.ts'
import type { MenuEntry } from '../../../components/index.ts'
import { Button, IconButton, Menu, cx, toastError } from '../../../components/index.ts'
import { useFiles, useFilesActions, useFilesStore } from '../context.tsx'
import { openDialog } from '../dialogs.ts'
import { isFiltered } from '../store.ts'

// Fetched when it is opened.
const FiltersPopover = lazy(async () => ({ default: (await import('./FiltersPopover.tsx')).FiltersPopover }))

type Syntax = typeof import('../../../../shared/search/syntax.ts')
const loadSyntax = (): Promise<Syntax> => import('../../../../shared/search/syntax.ts')
let loaded: Syntax | null = null

/** What reads the words that are searched for; null until there are any, and it was fetched. */
function useSyntax(text: string): Syntax | null {
  const [syntax, setSyntax] = useState(loaded)
  const wanted = text !== '' && syntax === null
  useEffect(() => {
    if (!wanted) return
    loadSyntax().then((module) => {
      loaded = module
      setSyntax(module)
    }, toastError)
  }, [wanted])
  return syntax
}

/** The group by the sidebar or by the search box: here it is one thing. */
function GroupFilter() {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const groups = useFiles((state) => state.groups)
  const query = useFiles((state) => state.query)
  const text = query.text ?? ''
  const typed = useSyntax(text)?.filterValues(text, 'group') ?? []
  const group = query.group ?? (typed.length === 1 ? (typed[0] ?? '') : '')
  const names = groups.map((each) => each.group)
  const all = group === '' || names.includes(group) ? names : [...names, group]
  const choose = (next: string): void => {
    loadSyntax().then(
      ({ withFilter }) => actions.patchQuery({ group: undefined, text: withFilter(text, 'group', next === '' ? [] : [next]) }),
      toastError
    )
  }
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
  const syntax = useSyntax(text)
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
  syntax?.parseSearch(text).forEach((term, index) => {
    const chip = describe(term, syntax.printTerm(term))
    if (chip !== null) chips.push({ ...chip, id: `${index} ${syntax.printTerm(term)}`, remove: { text: syntax.withoutTerm(text, term) } })
  })
  // What is not understood must be seen first.
  const rank = (chip: ChipData): number => ['danger', 'warning'].indexOf(chip.tone)
  return chips.sort((a, b) => (rank(a) < 0 ? 9 : rank(a)) - (rank(b) < 0 ? 9 : rank(b)))

  function describe(term: Term, printed: string): { label: string; tone: Tone; hint?: string } | null {
    const not = (label: string): string => (term.not ? t('not', { filter: label }) : label)
    switch (term.type) {
      case 'text':
        if (term.unknownKey !== null) return { label: term.text, tone: 'warning', hint: t('unknown', { key: term.unknownKey }) }
        return term.not ? { label: not(term.text), tone: 'accent' } : null
      case 'unfinished':
        return { label: `${printed}…`, tone: 'muted', hint: t('unfinished') }
      case 'invalid':
        return { label: t('invalid', { filter: printed }), tone: 'danger', hint: t('invalidHint', { value: term.bad }) }
      case 'filter': {
        const { key, name, values } = term.filter
        if (key === 'is' || key === 'kind')
          return { label: not(values.map((value) => t(`is.${value as IsValue}`)).join(', ')), tone: 'accent' }
        return { label: not(`${key === 'meta' ? name : t(`key.${key}`)}: ${values.join(', ')}`), tone: 'accent' }
      }
    }
  }
}

function MoreFilters() {
  const { t } = useTranslation('files')
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  /** Once it was. */
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button
        ref={button}
        variant="ghost"
        icon={<ListFilter size={15} className="text-faint" aria-hidden="true" />}
        data-testid="filter-more"
        aria-haspopup="dialog"
        aria-expanded={open}
        className={cx(open && 'bg-hover')}
        onClick={() => {
          setOpen(!open)
          setOpened(true)
        }}
      >
        <span className="@max-[30rem]:sr-only">{t('filter.more')}</span>
      </Button>
      {opened ? (
        <Suspense fallback={null}>
          <FiltersPopover anchor={button} open={open} onOpenChange={setOpen} />
        </Suspense>
      ) : null}
    </>
  )
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
      <MoreFilters />
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
