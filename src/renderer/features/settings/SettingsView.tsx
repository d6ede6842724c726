import { Search, X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAppInfo } from '../../app/app-info.ts'
import { useViewRequest } from '../../app/view-request.ts'
import { Art, Button, EmptyState, IconButton, LiveRegion, TextField, ViewHeader, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useSettingsSearch } from './search.ts'
import { sectionsOf } from './sections.tsx'
import type { Section } from './sections.tsx'

/** What comes before the words that are looked for. */
const FIND = 'find:'
const CONTROLS = 'button, input, select, textarea, [tabindex="0"]'

function SectionCard({ section: { id, title, text, content } }: { section: Section }) {
  return (
    <section id={`settings-${id}`} data-section={id} aria-label={title} className="flex scroll-mt-5 flex-col gap-2">
      <div>
        <h2 className="m-0 text-lg font-semibold text-text">{title}</h2>
        {text === undefined ? null : <p className="m-0 text-base text-muted">{text}</p>}
      </div>
      <div data-settings className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-4">
        {content}
      </div>
    </section>
  )
}

/** The sections that are shown, to jump to. */
function Contents({ sections, shown }: { sections: readonly Section[]; shown: ReadonlySet<string> | null }) {
  const { t } = useTranslation('settings')
  const jump = (id: string): void => {
    const section = document.getElementById(`settings-${id}`)
    section?.scrollIntoView({ block: 'start' })
    section?.querySelector<HTMLElement>(CONTROLS)?.focus({ preventScroll: true })
  }
  return (
    <nav aria-label={t('contents')} className="hidden w-44 shrink-0 overflow-y-auto border-r border-line p-3 lg:block">
      <ul className="m-0 flex list-none flex-col gap-0.5 p-0">
        {sections.map(({ id, title }) => {
          const missing = shown !== null && !shown.has(id)
          return (
            <li key={id}>
              <button
                type="button"
                disabled={missing}
                onClick={() => jump(id)}
                className={cx(
                  'w-full rounded-md px-2.5 py-1.5 text-left text-base',
                  missing ? 'text-faint opacity-60' : 'text-muted hover:bg-hover hover:text-text'
                )}
              >
                {title}
              </button>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

export function SettingsView() {
  const { t } = useTranslation(['settings', 'desktop', 'library'])
  const format = useFormat()
  const info = useAppInfo((state) => state.info)
  const [query, setQuery] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const found = useSettingsSearch(list, query)

  // The find of the browser would find less: what is folded away.
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f' || event.shiftKey || event.altKey) return
      event.preventDefault()
      field.current?.focus()
      field.current?.select()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  const focusFirst = (): void => {
    list.current?.querySelector<HTMLElement>(`[data-settings] > :not([hidden]) :is(${CONTROLS})`)?.focus()
  }
  useViewRequest('settings', true, (what) => {
    // One setting by its name: it is shown alone, and ready for the keyboard.
    setQuery(what.slice(FIND.length))
    requestAnimationFrame(() => requestAnimationFrame(focusFirst))
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && query !== '') {
      event.preventDefault()
      setQuery('')
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault()
      focusFirst()
    }
  }
  const clear = (): void => {
    setQuery('')
    field.current?.focus()
  }

  if (info === null) return null
  const sections = sectionsOf(t, info)
  const nothing = found !== null && found.count === 0
  return (
    <section aria-label={t('title')} data-testid="settings-view" className="flex h-full min-h-0 flex-col">
      <ViewHeader
        title={t('title')}
        text={t('text')}
        actions={
          <TextField
            ref={field}
            role="searchbox"
            aria-label={t('search.label')}
            placeholder={t('search.label')}
            data-testid="settings-search"
            boxClassName="w-64"
            quiet
            icon={<Search size={14} aria-hidden="true" />}
            value={query}
            onChange={setQuery}
            onKeyDown={onKeyDown}
            end={
              query === '' ? null : (
                <IconButton size="sm" label={t('search.clear')} icon={<X size={13} aria-hidden="true" />} onClick={clear} />
              )
            }
          />
        }
      />
      <LiveRegion text={found === null || nothing ? '' : t('search.found', { count: found.count, n: format.number(found.count) })} />
      <div className="flex min-h-0 flex-1">
        <Contents sections={sections} shown={found?.sections ?? null} />
        <div className="min-h-0 flex-1 overflow-y-auto">
          {nothing ? (
            <EmptyState
              icon={<Art name="search" />}
              title={t('search.nothing', { query })}
              text={t('search.nothingText')}
              actions={<Button onClick={clear}>{t('search.showAll')}</Button>}
            />
          ) : null}
          <div ref={list} className={cx('mx-auto flex w-full max-w-180 flex-col gap-6 p-5 pb-10', nothing && 'hidden')}>
            {sections.map((section) => (
              <SectionCard key={section.id} section={section} />
            ))}
          </div>
        </div>
      </div>
    </section>
  )
}
