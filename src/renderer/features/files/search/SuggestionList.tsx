import { Filter, Tag } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { LiveRegion, cx } from '../../../components/index.ts'
import type { IsValue } from '../../../../shared/search/kinds.ts'
import type { Suggestion } from './complete.ts'

/** What the box offers below itself. The input keeps the focus; the list is pointed at. */
export function SuggestionList({
  id,
  items,
  active,
  onPick,
  onPoint
}: {
  id: string
  items: readonly Suggestion[]
  active: number
  onPick: (item: Suggestion) => void
  onPoint: (index: number) => void
}) {
  const { t } = useTranslation('search')
  const hint = ({ type, key, label }: Suggestion): string => {
    if (type === 'key') return t(`key.${key}`)
    if (key === 'is' || key === 'kind') return t(`is.${label as IsValue}`)
    return ''
  }
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the input keeps the focus and points at its options */}
      <div
        id={id}
        role="listbox"
        aria-label={t('suggestions')}
        data-testid="search-suggestions"
        // A click must not take the focus from the input.
        onMouseDown={(event) => event.preventDefault()}
        className="pop absolute top-full left-0 z-30 mt-1 max-h-100 w-full min-w-72 overflow-y-auto rounded-lg bg-raised p-1 shadow-pop"
      >
        {items.map((item, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the input has the keys
          <div
            key={item.label}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onClick={() => onPick(item)}
            onMouseMove={() => onPoint(index)}
            className={cx('flex min-h-7 items-center gap-2 rounded-md px-2 text-base', index === active && 'bg-hover')}
          >
            <span className="text-faint">{item.key === 'tag' && item.type === 'value' ? <Tag size={13} /> : <Filter size={13} />}</span>
            <span className={cx('min-w-0 flex-1 truncate', item.type === 'key' && 'font-mono text-sm')}>{item.label}</span>
            <span className="shrink-0 text-sm text-muted">{hint(item)}</span>
          </div>
        ))}
      </div>
      <LiveRegion text={t('offered', { count: items.length })} />
    </>
  )
}
