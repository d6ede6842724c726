import { Popover } from '@base-ui/react/popover'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Filters } from './Filters.tsx'

/** The filters below the button that opens them. The button stands by itself, so that the first page need not wait for this. */
export function FiltersPopover({
  anchor,
  open,
  onOpenChange
}: {
  anchor: RefObject<HTMLElement | null>
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation('files')
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next, { event }) => {
        // The button opens and closes by its own click: a press on it must not close what the click then opens again.
        const target = event instanceof FocusEvent ? event.relatedTarget : event.target
        if (event.type.startsWith('key') || !(target instanceof Node) || anchor.current?.contains(target) !== true) onOpenChange(next)
      }}
    >
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} className="z-30" sideOffset={6} align="start">
          <Popover.Popup
            aria-label={t('filter.more')}
            finalFocus={anchor}
            className="pop rounded-lg bg-raised p-3.5 shadow-pop outline-none"
          >
            <Filters />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
