import type { KeyboardEvent } from 'react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../components/index.ts'
import { useVirtualRows } from '../files/use-virtual-rows.ts'
import { TrashListRow } from './TrashListRow.tsx'
import { useTrashRows } from './use-trash-rows.ts'

const ROW = 34

/** The files of the trash; the visible ones exist. */
export function TrashList({
  ids,
  chosen,
  onChosen,
  onRemove
}: {
  ids: readonly number[]
  chosen: ReadonlySet<number>
  onChosen: (chosen: ReadonlySet<number>) => void
  onRemove: () => void
}) {
  const { t } = useTranslation('trash')
  const [anchor, setAnchor] = useState(0)
  const [cursor, setCursor] = useState(0)
  const now = useNow(60_000)
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualRows(scroller, ids.length, ROW, 0)
  const rows = useTrashRows(ids, virtual.first, virtual.last)

  const choose = (index: number, mode: 'only' | 'toggle' | 'range'): void => {
    const id = ids[index]
    if (id === undefined) return
    setCursor(index)
    if (mode === 'range') return onChosen(new Set(ids.slice(Math.min(anchor, index), Math.max(anchor, index) + 1)))
    setAnchor(index)
    if (mode === 'only') return onChosen(new Set([id]))
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChosen(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const move: Record<string, number> = { ArrowDown: cursor + 1, ArrowUp: cursor - 1, Home: 0, End: ids.length - 1 }
    const to = move[event.key]
    if (to !== undefined) {
      event.preventDefault()
      const index = Math.min(Math.max(0, to), ids.length - 1)
      choose(index, event.shiftKey ? 'range' : 'only')
      virtual.scrollToRow(index)
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      event.preventDefault()
      onChosen(new Set(ids))
    } else if (event.key === 'Escape') onChosen(new Set())
    else if (event.key === 'Delete') onRemove()
  }
  const visible = Array.from({ length: Math.max(0, virtual.last - virtual.first + 1) }, (_, offset) => virtual.first + offset)
  return (
    <div
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label={t('title')}
      aria-multiselectable="true"
      aria-activedescendant={`trash-row-${cursor}`}
      onScroll={virtual.onScroll}
      onKeyDown={onKeyDown}
      className="relative h-full overflow-auto outline-none select-none"
    >
      <div className="relative" style={{ height: virtual.height }}>
        {visible.map((index) => (
          <TrashListRow
            key={ids[index] ?? index}
            row={rows(index)}
            index={index}
            total={ids.length}
            top={virtual.topOf(index)}
            height={ROW}
            selected={chosen.has(ids[index] ?? -1)}
            now={now}
            onChoose={choose}
          />
        ))}
      </div>
    </div>
  )
}
