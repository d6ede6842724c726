import { Search, X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { Suspense, lazy, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../../api/client.ts'
import type { SearchSuggestions } from '../../../../shared/model.ts'
import { IconButton, TextField } from '../../../components/index.ts'
import { useFiles, useFilesActions } from '../context.tsx'
import type { Completion, Suggestion } from './complete.ts'

const SEARCH_DELAY_MS = 180
const NO_SUGGESTIONS: SearchSuggestions = { exts: [], metadataKeys: [], metadataValues: {} }

// Fetched when somebody is about to search.
const loadTools = () => import('./complete.ts')
const SuggestionList = lazy(async () => ({ default: (await import('./SuggestionList.tsx')).SuggestionList }))

/** What the library could complete, once the box has the focus. */
function useSources(wanted: boolean) {
  const groups = useFiles((state) => state.groups)
  const tags = useFiles((state) => state.tags)
  const folders = useFiles((state) => state.folders)
  const [tools, setTools] = useState<Awaited<ReturnType<typeof loadTools>> | null>(null)
  const [known, setKnown] = useState(NO_SUGGESTIONS)
  useEffect(() => {
    if (!wanted) return
    let current = true
    // Without suggestions the box is still a search box.
    loadTools().then(
      (loaded) => current && setTools(loaded),
      () => undefined
    )
    call('order.suggestions', {}).then(
      (found) => current && setKnown(found),
      () => undefined
    )
    return () => {
      current = false
    }
  }, [wanted])
  return {
    tools,
    sources: {
      ...known,
      groups: groups.map(({ group }) => group),
      tags: tags.map(({ name }) => name),
      folders: folders.map(({ path }) => path)
    }
  }
}

/** Searches while typing, and at once on Enter; completes filters and their values. */
export function SearchBox() {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const applied = useFiles((state) => state.query.text ?? '')
  const [text, setText] = useState(applied)
  const [known, setKnown] = useState(applied)
  const [focused, setFocused] = useState(false)
  const [open, setOpen] = useState<'no' | 'typing' | 'asked'>('no')
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(-1)
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const { tools, sources } = useSources(focused)
  // The query was changed elsewhere (filters cleared, another folder).
  if (known !== applied) {
    setKnown(applied)
    if (text.trim() !== applied) setText(applied)
  }
  useEffect(() => {
    const wanted = text.trim()
    if (wanted === applied) return
    const timer = window.setTimeout(() => actions.patchQuery({ text: wanted }), SEARCH_DELAY_MS)
    return () => window.clearTimeout(timer)
  }, [text, applied, actions])
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f') return
      event.preventDefault()
      field.current?.select()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  const completion: Completion | null =
    open !== 'no' && focused && tools !== null ? tools.complete(text, Math.min(caret, text.length), sources, open === 'asked') : null
  const items = completion?.items ?? []
  const shown = items.length > 0
  const change = (next: string, at: number): void => {
    setText(next)
    setCaret(at)
    setOpen('typing')
    setActive(-1)
  }
  const pick = (item: Suggestion): void => {
    if (completion === null || tools === null) return
    const next = tools.accept(text, completion, item)
    change(next.text, next.caret)
    // After React has written the text, or the caret would jump to its end.
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return
    const chosen = shown ? items[active] : undefined
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault()
        if (!shown) return setOpen('asked')
        const step = event.key === 'ArrowDown' ? 1 : -1
        // One place more than items: the text itself.
        return setActive(((active + 1 + step + items.length + 1) % (items.length + 1)) - 1)
      }
      case 'Tab':
        if (chosen === undefined || event.shiftKey) return
        event.preventDefault()
        return pick(chosen)
      case 'Enter':
        if (chosen !== undefined) return pick(chosen)
        setOpen('no')
        return actions.patchQuery({ text: text.trim() })
      case 'Escape':
        if (shown) {
          event.stopPropagation()
          setActive(-1)
          return setOpen('no')
        }
        setOpen('no')
        return setText('')
      default:
    }
  }
  return (
    <div className="relative w-72 min-w-28 shrink-[100] @max-[36rem]:w-28 @max-[36rem]:grow">
      <TextField
        ref={field}
        type="text"
        role="combobox"
        quiet
        aria-label={t('search.label')}
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={shown ? listId : undefined}
        aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined}
        autoComplete="off"
        maxLength={2_000}
        placeholder={t('search.placeholder')}
        data-testid="file-search"
        value={text}
        onChange={(next) => change(next, field.current?.selectionStart ?? next.length)}
        onSelect={() => setCaret(field.current?.selectionStart ?? text.length)}
        onFocus={() => setFocused(true)}
        onMouseDown={() => setOpen(text === '' ? 'asked' : 'typing')}
        onBlur={() => {
          setFocused(false)
          setOpen('no')
          setActive(-1)
        }}
        onKeyDown={onKeyDown}
        icon={<Search size={15} aria-hidden="true" />}
        end={
          text === '' ? undefined : (
            <IconButton size="sm" label={t('search.clear')} icon={<X size={14} aria-hidden="true" />} onClick={() => setText('')} />
          )
        }
      />
      {shown ? (
        <Suspense fallback={null}>
          <SuggestionList id={listId} items={items} active={active} onPick={pick} onPoint={setActive} />
        </Suspense>
      ) : null}
    </div>
  )
}
