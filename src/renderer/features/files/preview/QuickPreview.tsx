import { Dialog as Base } from '@base-ui/react/dialog'
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState, IconButton } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useFiles, useFilesActions, useFilesStore } from '../context.tsx'
import { useCommands } from '../use-commands.ts'
import { useSelectedRows } from '../use-selected-rows.ts'
import { PreviewContent } from './PreviewContent.tsx'

/** Things with keys of their own: a player seeks, a text scrolls, a button is pressed. */
const OWN_KEYS = 'video, audio, iframe, input'

/** What is selected, large, without leaving the library: arrows go on to the next file, Space and Escape go back. */
export function QuickPreview({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['files', 'common'])
  const format = useFormat()
  const store = useFilesStore()
  const actions = useFilesActions()
  const commands = useCommands()
  const { rows, error } = useSelectedRows()
  const cursor = useFiles((state) => state.cursor)
  const total = useFiles((state) => state.total)
  const row = rows[0]
  const popup = useRef<HTMLDivElement>(null)
  const step = (by: number): void => {
    const to = store.getState().cursor + by
    if (to >= 0 && to < store.getState().total) void actions.select(to, 'only')
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const own = event.target instanceof Element && event.target.closest(OWN_KEYS) !== null
    const onButton = event.target instanceof Element && event.target.closest('button') !== null
    if (event.key === ' ' && !own && !onButton) {
      event.preventDefault()
      onClose()
    }
    if (own || event.ctrlKey || event.metaKey || event.altKey) return
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (by === undefined) return
    // A long text scrolls; only the arrows to the sides leave it.
    const scrolls = event.target instanceof Element && event.target.closest('[data-scrolls]') !== null
    if (scrolls && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) return
    event.preventDefault()
    step(by)
  }
  return (
    <Base.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-backdrop" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-center justify-center p-6">
          <Base.Popup
            ref={popup}
            // No button has the focus: Space and Escape mean the preview.
            initialFocus={popup}
            data-testid="quick-preview"
            onKeyDown={onKeyDown}
            className="pop flex h-full max-h-220 w-full max-w-300 flex-col overflow-hidden rounded-xl bg-raised text-text shadow-dialog outline-none"
          >
            <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line pr-2.5 pl-4">
              <Base.Title className="m-0 min-w-0 truncate text-base font-semibold">{row?.name ?? t('preview.title')}</Base.Title>
              <span className="tabular ml-1.5 flex-1 truncate text-sm whitespace-nowrap text-muted">
                {row === undefined || row.sizeBytes === null ? '' : format.bytes(row.sizeBytes)}
              </span>
              {cursor >= 0 && total > 1 ? (
                <>
                  <span className="tabular mr-1 text-sm whitespace-nowrap text-muted">
                    {t('preview.position', { number: format.number(cursor + 1), total: format.number(total) })}
                  </span>
                  <IconButton
                    label={t('preview.previous')}
                    shortcut="←"
                    disabled={cursor <= 0}
                    icon={<ChevronLeft size={17} aria-hidden="true" />}
                    onClick={() => step(-1)}
                  />
                  <IconButton
                    label={t('preview.next')}
                    shortcut="→"
                    disabled={cursor >= total - 1}
                    icon={<ChevronRight size={17} aria-hidden="true" />}
                    onClick={() => step(1)}
                  />
                  <span className="mx-1 h-4 w-px bg-line" />
                </>
              ) : null}
              <IconButton label={t('command.download')} icon={<Download size={16} aria-hidden="true" />} onClick={commands.download} />
              <Base.Close
                render={<IconButton label={t('common:action.close')} shortcut="Space" icon={<X size={17} aria-hidden="true" />} />}
              />
            </header>
            <div className="flex min-h-0 flex-1 items-center justify-center bg-sunken">
              {error !== null ? (
                <ErrorState error={error} />
              ) : row === undefined ? null : (
                // Another file is another player, another scroll position, another error.
                <PreviewContent key={row.id} row={row} />
              )}
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
