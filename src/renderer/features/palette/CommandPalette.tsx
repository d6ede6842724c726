import { Dialog as Base } from '@base-ui/react/dialog'
import { Search } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { memo, useCallback, useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cx, Kbd } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Action } from './action.ts'
import type { Entry, Group } from './entries.tsx'
import { useGroups } from './entries.tsx'
import { useActions } from './use-actions.ts'
import { useFoundFiles } from './use-found-files.ts'

const LIST = 'palette-list'
const PAGE = 8

const Option = memo(function Option({
  entry,
  index,
  chosen,
  onPoint,
  onRun
}: {
  entry: Entry
  index: number
  chosen: boolean
  onPoint: (index: number) => void
  onRun: (entry: Entry) => void
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the field has the focus and the keys
    <div
      id={`palette-${index}`}
      role="option"
      aria-selected={chosen}
      onMouseMove={() => onPoint(index)}
      onClick={() => onRun(entry)}
      className={cx('flex h-8.5 items-center gap-3 rounded-md px-2.5', chosen && 'bg-selection')}
    >
      <span className={cx('flex w-4 shrink-0 justify-center', chosen ? 'text-text' : 'text-muted')}>{entry.icon}</span>
      <span className="min-w-0 truncate text-base">{entry.label}</span>
      <span className={cx('min-w-12 flex-1 truncate text-sm', chosen ? 'text-text' : 'text-muted')}>{entry.detail}</span>
      {entry.shortcut === undefined ? null : <Kbd keys={entry.shortcut} tone={chosen ? 'text-text' : 'text-muted'} />}
    </div>
  )
})

const Results = memo(function Results({
  groups,
  chosen,
  onPoint,
  onRun
}: {
  groups: readonly Group[]
  chosen: number
  onPoint: (index: number) => void
  onRun: (entry: Entry) => void
}) {
  let index = -1
  return groups.map((group) => (
    <div key={group.id} role="group" aria-label={group.title}>
      <div aria-hidden="true" className="px-2.5 pt-1.5 pb-1 text-sm font-medium text-faint">
        {group.title}
      </div>
      {group.entries.map((entry) => {
        index += 1
        return <Option key={entry.id} entry={entry} index={index} chosen={index === chosen} onPoint={onPoint} onRun={onRun} />
      })}
    </div>
  ))
})

const NOTHING: readonly Action[] = []

/** Gathers what can be done, once: by itself, so that neither a letter nor the progress of a transfer gathers it again. */
function Gather({ onGathered }: { onGathered: (actions: readonly Action[]) => void }) {
  const actions = useActions()
  // Before any key that follows.
  useLayoutEffect(() => onGathered(actions), [onGathered, actions])
  return null
}

/** Every action and every file, by typing a part of its name. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('palette')
  const format = useFormat()
  // What can be done is known when it opens; while it is open, only the text changes.
  const [gathered, setGathered] = useState<readonly Action[] | null>(null)
  const offered = gathered ?? NOTHING
  const groupsOf = useGroups(offered)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const rows = useFoundFiles(text)
  // The field takes letters at once, results follow when there is time; null: not even the first list was drawn.
  const wanted = useDeferredValue<string | null>(text, null)
  const found = useDeferredValue(rows)
  const groups = useMemo(() => (wanted === null ? [] : groupsOf(wanted, found)), [groupsOf, wanted, found])
  const asked = wanted?.trim() ?? ''
  const entries = groups.flatMap((group) => group.entries)
  const known = groups.reduce((sum, { id, entries: some }) => (id === 'elsewhere' ? sum : sum + some.length), 0)
  const chosen = Math.min(at, entries.length - 1)

  const run = useCallback(
    (entry: Entry | undefined): void => {
      if (entry === undefined) return
      onClose()
      entry.run()
    },
    [onClose]
  )
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = {
      ArrowDown: (chosen + 1) % Math.max(1, entries.length),
      ArrowUp: (chosen - 1 + entries.length) % Math.max(1, entries.length),
      PageDown: Math.min(entries.length - 1, chosen + PAGE),
      PageUp: Math.max(0, chosen - PAGE)
    }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      setAt(to)
      document.getElementById(`palette-${to}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      // Faster than the list: what is meant is the best for all that was typed.
      run(wanted === text ? entries[chosen] : groupsOf(text, rows)[0]?.entries[0])
    }
  }
  return (
    <Base.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      {gathered === null ? <Gather onGathered={setGathered} /> : null}
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-backdrop" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-start justify-center px-4 pt-[12vh] pb-[8vh]">
          <Base.Popup
            data-testid="palette"
            initialFocus={field}
            className="pop flex max-h-110 w-full max-w-150 flex-col overflow-hidden rounded-xl bg-raised text-text shadow-dialog outline-none"
          >
            <Base.Title className="sr-only">{t('title')}</Base.Title>
            <div className="relative flex shrink-0 items-center border-b border-line">
              <Search size={17} className="pointer-events-none absolute left-4 text-faint" aria-hidden="true" />
              <input
                ref={field}
                role="combobox"
                aria-expanded="true"
                aria-controls={LIST}
                aria-autocomplete="list"
                aria-activedescendant={chosen < 0 ? undefined : `palette-${chosen}`}
                aria-label={t('title')}
                placeholder={t('placeholder')}
                spellCheck={false}
                value={text}
                onChange={(event) => {
                  setText(event.target.value)
                  setAt(0)
                }}
                onKeyDown={onKeyDown}
                className="h-12 w-full border-0 bg-transparent pr-4 pl-11 text-lg text-text outline-none focus-visible:outline-none"
              />
            </div>
            <div id={LIST} role="listbox" aria-label={t('title')} className="min-h-0 flex-1 overflow-y-auto p-1.5">
              <Results groups={groups} chosen={chosen} onPoint={setAt} onRun={run} />
            </div>
            <p role="status" className={known === 0 && asked !== '' ? 'm-0 px-4 pb-3 text-muted' : 'sr-only'}>
              {asked === '' ? '' : known === 0 ? t('nothing') : t('found', { count: known, n: format.number(known) })}
            </p>
            <footer className="flex shrink-0 items-center gap-4 border-t border-line bg-bg px-4 py-2 text-sm text-muted">
              <span>
                <Kbd keys="↑" /> <Kbd keys="↓" /> {t('hint.move')}
              </span>
              <span>
                <Kbd keys="Enter" /> {t('hint.run')}
              </span>
              <span>
                <Kbd keys="Escape" /> {t('hint.close')}
              </span>
            </footer>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
