import { ContextMenu as BaseContext } from '@base-ui/react/context-menu'
import { Menu as Base } from '@base-ui/react/menu'
import { Check, ChevronRight } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Kbd } from './Kbd.tsx'

/** What a menu shows, as data, so that a button's menu and a context menu cannot differ. */
export type MenuEntry =
  | { type: 'separator' }
  | { type: 'label'; label: string }
  | { type: 'menu'; label: string; icon?: ReactNode; disabled?: boolean; items: readonly MenuEntry[] }
  | { type: 'check'; label: string; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void }
  | {
      type?: 'item'
      label: string
      icon?: ReactNode
      shortcut?: string
      danger?: boolean
      disabled?: boolean
      onSelect: () => void
    }

const POPUP = 'pop max-h-(--available-height) min-w-48 max-w-90 overflow-y-auto rounded-lg bg-raised p-1 shadow-pop outline-none'
const ITEM =
  'flex min-h-7 items-center gap-2 rounded-md px-2 py-0.5 text-base text-text outline-none data-disabled:opacity-45 data-highlighted:bg-hover'

function Entries({ items }: { items: readonly MenuEntry[] }) {
  return items.map((item, index) => {
    // Entries have no identity beyond their place: a menu is rebuilt each time it opens.
    const key = `${index}`
    switch (item.type) {
      case 'separator':
        return <Base.Separator key={key} className="mx-2 my-1 h-px bg-line" />
      case 'label':
        return (
          <div key={key} className="px-2 pt-1.5 pb-0.5 text-sm font-medium text-faint">
            {item.label}
          </div>
        )
      case 'menu':
        return (
          <Base.SubmenuRoot key={key} disabled={item.disabled}>
            <Base.SubmenuTrigger className={cx(ITEM, 'data-popup-open:bg-hover')}>
              <span className="flex w-4 shrink-0 justify-center text-muted">{item.icon}</span>
              <span className="min-w-0 flex-1 truncate">{item.label}</span>
              <ChevronRight size={14} className="text-faint" aria-hidden="true" />
            </Base.SubmenuTrigger>
            <Base.Portal>
              <Base.Positioner className="z-50" sideOffset={2} alignOffset={-4}>
                <Base.Popup className={POPUP}>
                  <Entries items={item.items} />
                </Base.Popup>
              </Base.Positioner>
            </Base.Portal>
          </Base.SubmenuRoot>
        )
      case 'check':
        return (
          <Base.CheckboxItem
            key={key}
            checked={item.checked}
            onCheckedChange={(next) => item.onChange(next)}
            disabled={item.disabled}
            closeOnClick={false}
            className={ITEM}
          >
            <span className="flex w-4 shrink-0 justify-center text-accent">
              <Base.CheckboxItemIndicator>
                <Check size={14} aria-hidden="true" />
              </Base.CheckboxItemIndicator>
            </span>
            <span className="min-w-0 flex-1 truncate">{item.label}</span>
          </Base.CheckboxItem>
        )
      default:
        return (
          <Base.Item
            key={key}
            disabled={item.disabled}
            onClick={item.onSelect}
            className={cx(ITEM, item.danger === true && 'text-danger data-highlighted:bg-danger-soft')}
          >
            <span className={cx('flex w-4 shrink-0 justify-center', item.danger === true ? 'text-danger' : 'text-muted')}>{item.icon}</span>
            <span className="min-w-0 flex-1 truncate">{item.label}</span>
            {item.shortcut === undefined ? null : <Kbd keys={item.shortcut} />}
          </Base.Item>
        )
    }
  })
}

/** A menu under a button. */
export function Menu({ trigger, items, align = 'start' }: { trigger: ReactElement; items: readonly MenuEntry[]; align?: 'start' | 'end' }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="z-50" sideOffset={4} align={align}>
          <Base.Popup className={POPUP}>
            <Entries items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** A menu at the pointer (or by the menu key) over its children. */
export function ContextMenu({
  items,
  onOpenChange,
  className,
  children
}: {
  items: readonly MenuEntry[]
  onOpenChange?: (open: boolean) => void
  className?: string
  children: ReactNode
}) {
  return (
    <BaseContext.Root onOpenChange={(open) => onOpenChange?.(open)}>
      <BaseContext.Trigger className={className}>{children}</BaseContext.Trigger>
      <BaseContext.Portal>
        <BaseContext.Positioner className="z-50">
          <BaseContext.Popup className={POPUP}>
            <Entries items={items} />
          </BaseContext.Popup>
        </BaseContext.Positioner>
      </BaseContext.Portal>
    </BaseContext.Root>
  )
}
