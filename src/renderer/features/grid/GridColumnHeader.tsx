import { ChevronDown } from 'lucide-react'
import type { PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Menu, cx } from '../../components/index.ts'
import { openKeyDialog } from './dialogs.ts'

/** The key of a column: a click selects the column, the menu changes the key. */
export function GridColumnHeader({
  name,
  column,
  selected,
  onSelect,
  onResize
}: {
  name: string
  column: number
  selected: boolean
  onSelect: () => void
  onResize: (event: PointerEvent<HTMLSpanElement>) => void
}) {
  const { t } = useTranslation('grid')
  return (
    <div
      role="columnheader"
      aria-colindex={column + 2}
      data-testid="grid-column"
      className={cx('relative flex shrink-0 items-center border-r border-b border-line pl-2', selected ? 'bg-active' : 'bg-bg')}
      style={{ width: `var(--c${column})` }}
    >
      <button type="button" tabIndex={-1} className="min-w-0 flex-1 truncate text-left font-medium" title={name} onClick={onSelect}>
        {name}
      </button>
      <Menu
        align="end"
        items={[
          { label: t('key.rename'), onSelect: () => openKeyDialog({ type: 'rename', key: name }) },
          { label: t('key.remove'), danger: true, onSelect: () => openKeyDialog({ type: 'remove', key: name }) }
        ]}
        trigger={
          <button
            type="button"
            aria-label={t('key.menu', { key: name })}
            className="mr-1.5 flex size-6 shrink-0 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-text"
          >
            <ChevronDown size={13} aria-hidden="true" />
          </button>
        }
      />
      <span className="absolute top-0 -right-1 z-5 h-full w-2 cursor-col-resize" onPointerDown={onResize} aria-hidden="true" />
    </div>
  )
}
