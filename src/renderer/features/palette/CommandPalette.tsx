import { Dialog as Base } from '@base-ui/react/dialog'
import { Search } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate } from '../../app/navigation.ts'
import { cx, Kbd } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { FileIcon, useFilesActions } from '../files/index.ts'
import { bestMatches } from './match.ts'
import { useActions } from './use-actions.tsx'
import { useFoundFiles } from './use-found-files.ts'

interface Entry {
  id: string
  label: string
  detail: string
  icon: ReactNode
  shortcut?: string | undefined
  run(): void
}

const LIST = 'palette-list'

/** Every action and every file, by typing a part of its name. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('palette')
  const format = useFormat()
  const files = useFilesActions()
  const actions = useActions()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const rows = useFoundFiles(text)

  const matching = useMemo(() => bestMatches(text, actions), [text, actions])
  const shownActions = matching.map(({ icon: Icon, ...action }): Entry => ({
    ...action,
    detail: action.section,
    icon: <Icon size={16} aria-hidden="true" />
  }))
  const shownFiles = rows.map((row): Entry => ({
    id: `file-${row.id}`,
    label: row.name,
    detail: [row.folder === '' ? row.group : row.folder, row.sizeBytes === null ? '' : format.bytes(row.sizeBytes)]
      .filter(Boolean)
      .join(' · '),
    icon: <FileIcon ext={row.ext} />,
    run() {
      navigate('files')
      void files.reveal(row)
    }
  }))
  const groups = [
    { title: t('section.actions'), entries: shownActions },
    { title: t('section.files'), entries: shownFiles }
  ].filter(({ entries }) => entries.length > 0)
  const entries = groups.flatMap((group) => group.entries)
  const chosen = Math.min(at, entries.length - 1)

  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return
    onClose()
    entry.run()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = {
      ArrowDown: (chosen + 1) % Math.max(1, entries.length),
      ArrowUp: (chosen - 1 + entries.length) % Math.max(1, entries.length),
      PageDown: Math.min(entries.length - 1, chosen + 8),
      PageUp: Math.max(0, chosen - 8)
    }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      setAt(to)
      document.getElementById(`palette-${to}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      run(entries[chosen])
    }
  }
  let index = -1
  return (
    <Base.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
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
              {groups.map((group) => (
                <div key={group.title} role="group" aria-label={group.title}>
                  <div aria-hidden="true" className="px-2.5 pt-1.5 pb-1 text-sm font-medium text-faint">
                    {group.title}
                  </div>
                  {group.entries.map((entry) => {
                    index += 1
                    const mine = index
                    return (
                      // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the field has the focus and the keys
                      <div
                        key={entry.id}
                        id={`palette-${mine}`}
                        role="option"
                        aria-selected={mine === chosen}
                        onMouseMove={() => setAt(mine)}
                        onClick={() => run(entry)}
                        className={cx('flex h-8.5 items-center gap-3 rounded-md px-2.5', mine === chosen && 'bg-selection')}
                      >
                        <span className={cx('flex w-4 shrink-0 justify-center', mine === chosen ? 'text-text' : 'text-muted')}>
                          {entry.icon}
                        </span>
                        <span className="min-w-0 truncate text-base">{entry.label}</span>
                        <span className={cx('min-w-0 flex-1 truncate text-sm', mine === chosen ? 'text-text' : 'text-muted')}>
                          {entry.detail}
                        </span>
                        {entry.shortcut === undefined ? null : <Kbd keys={entry.shortcut} />}
                      </div>
                    )
                  })}
                </div>
              ))}
              {entries.length === 0 ? (
                <p role="status" className="m-0 px-2.5 py-6 text-center text-muted">
                  {t('nothing')}
                </p>
              ) : null}
            </div>
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
