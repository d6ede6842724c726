import { Star } from 'lucide-react'
import { memo, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileRow } from '../../../shared/model.ts'
import { ContextMenu, LiveRegion, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles } from './context.tsx'
import { FileName } from './FileName.tsx'
import { NameEditor } from './NameEditor.tsx'
import { Thumbnail } from './preview/Thumbnail.tsx'
import { Marquee } from './Marquee.tsx'
import { TagMarks } from './TagNames.tsx'
import { isSelected, selectedCount } from './selection.ts'
import { useCommands } from './use-commands.ts'
import { useFileInput } from './use-file-input.ts'
import { useFileMenu } from './use-file-menu.tsx'
import { useMarquee } from './use-marquee.ts'
import { useShownRows } from './use-shown-rows.ts'
import { useVirtualRows } from './use-virtual-rows.ts'
import { useViewOptions } from './view-options.ts'

/** Tiles grow into the width there is; these are the least they have, with the gap. */
const TILES = { comfortable: { width: 172, height: 196 }, compact: { width: 124, height: 148 } }
const PADDING = 12

interface TileProps {
  compact: boolean
  row: FileRow
  index: number
  selected: boolean
  cursor: boolean
  renaming: boolean
  total: number
}

const Tile = memo(function Tile({ row, compact, index, selected, cursor, renaming, total }: TileProps) {
  const { t } = useTranslation('files')
  const format = useFormat()
  return (
    <div
      role="option"
      id={`file-row-${index}`}
      data-index={index}
      data-testid="file-row"
      data-file-id={row.fileId}
      aria-selected={selected}
      aria-setsize={total}
      aria-posinset={index + 1}
      className={cx(
        'flex h-full min-w-0 flex-col rounded-lg p-1.5',
        selected ? 'bg-selection-idle group-focus-within/grid:bg-selection' : 'hover:bg-hover/60',
        row.state === 'deleted' && 'opacity-60',
        cursor && 'outline-accent group-focus/grid:group-data-keys/grid:outline-2 group-focus/grid:group-data-keys/grid:-outline-offset-2'
      )}
    >
      <div draggable className="relative flex min-h-0 flex-1 items-center justify-center overflow-hidden rounded-md bg-sunken p-1.5">
        {row.favourite ? (
          <Star size={15} fill="currentColor" className="absolute top-1.5 right-1.5 text-mark-yellow" aria-label={t('star.marked')} />
        ) : null}
        {row.tags.length === 0 ? null : (
          <span className="absolute bottom-1.5 left-1.5 flex gap-1">
            <TagMarks names={row.tags} />
          </span>
        )}
        <Thumbnail row={row} height={compact ? 52 : 76} />
      </div>
      <div className="flex h-6 shrink-0 items-center justify-center pt-1">
        {renaming ? (
          <NameEditor row={row} />
        ) : (
          <span draggable className="flex min-w-0 px-1 text-base text-text">
            <FileName name={row.name} />
          </span>
        )}
      </div>
      <span className="tabular shrink-0 truncate px-1 text-center text-sm text-muted">
        {row.sizeBytes === null ? row.ext.toUpperCase() : format.bytes(row.sizeBytes)}
      </span>
    </div>
  )
})

function useWidth(element: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const measured = element.current
    if (measured === null) return
    const measure = (): void => setWidth(measured.clientWidth)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(measured)
    return () => observer.disconnect()
  }, [element])
  return width
}

/** The library as pictures: same rows, same selection, same keys as the table, of which only the visible ones exist. */
export function FileGrid() {
  const { t } = useTranslation('files')
  const format = useFormat()
  const scroller = useRef<HTMLDivElement>(null)
  const commands = useCommands()
  const menu = useFileMenu(commands)
  const total = useFiles((state) => state.total)
  const rows = useFiles((state) => state.rows)
  const selection = useFiles((state) => state.selection)
  const cursor = useFiles((state) => state.cursor)
  const renaming = useFiles((state) => state.renaming)
  const compact = useViewOptions((state) => state.density === 'compact')
  const tile = TILES[compact ? 'compact' : 'comfortable']
  const width = useWidth(scroller) - 2 * PADDING
  const columns = Math.max(1, Math.floor(width / tile.width))
  const virtual = useVirtualRows(scroller, Math.ceil(total / columns), tile.height, 2 * PADDING)
  const { scrollToRow } = virtual
  const first = virtual.first * columns
  const last = Math.min(total - 1, (virtual.last + 1) * columns - 1)
  const scrollToFile = (index: number): void => scrollToRow(Math.floor(index / columns))
  const input = useFileInput(commands, { side: 1, line: columns, page: virtual.pageRows * columns }, scrollToFile)

  const marquee = useMarquee(scroller, virtual.virtualTop, {
    total,
    header: PADDING,
    lineHeight: tile.height,
    columns,
    columnWidth: width / columns,
    paddingLeft: PADDING
  })

  useShownRows(first, last, scrollToFile)

  const lines = Array.from({ length: Math.max(0, virtual.last - virtual.first + 1) }, (_, offset) => virtual.first + offset)
  const count = selectedCount(selection, total)
  return (
    <>
      <ContextMenu items={menu} className="h-full">
        <div
          ref={scroller}
          role="listbox"
          tabIndex={0}
          data-testid="file-grid"
          aria-label={t('table.label')}
          aria-multiselectable="true"
          aria-activedescendant={cursor >= first && cursor <= last ? `file-row-${cursor}` : undefined}
          onScroll={virtual.onScroll}
          {...input.props}
          onMouseDownCapture={marquee.onMouseDown}
          className="group/grid relative h-full overflow-x-hidden overflow-y-auto outline-none select-none focus-visible:outline-none"
          style={{ padding: PADDING }}
        >
          <div role="presentation" className="relative" style={{ height: virtual.height }}>
            {lines.map((line) => (
              <div
                key={line}
                role="presentation"
                className="absolute inset-x-0 top-0 grid grid-rows-1 gap-1 pb-1"
                style={{
                  height: tile.height,
                  gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
                  transform: `translateY(${virtual.topOf(line)}px)`
                }}
              >
                {Array.from({ length: columns }, (_, column) => {
                  const index = line * columns + column
                  const row = index < total ? rows.get(index) : undefined
                  if (index >= total) return null
                  if (row === undefined) return <span key={`wait-${index}`} className="m-1.5 rounded-md bg-sunken" />
                  return (
                    <Tile
                      key={row.id}
                      row={row}
                      compact={compact}
                      index={index}
                      total={total}
                      selected={isSelected(selection, row.id)}
                      cursor={index === cursor}
                      renaming={renaming === row.id}
                    />
                  )
                })}
              </div>
            ))}
          </div>
        </div>
      </ContextMenu>
      <Marquee box={marquee.box} />
      <LiveRegion text={count === 0 ? '' : t('table.selected', { count, number: format.number(count), total: format.number(total) })} />
    </>
  )
}
