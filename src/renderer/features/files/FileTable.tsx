import type { CSSProperties } from 'react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ContextMenu, LiveRegion } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { columnWidth, gridTemplate, useColumns, visibleColumns } from './columns.ts'
import { useFiles } from './context.tsx'
import { FileTableHeader } from './FileTableHeader.tsx'
import { FileTableRow, SkeletonRow } from './FileTableRow.tsx'
import { Marquee } from './Marquee.tsx'
import { isSelected, selectedCount } from './selection.ts'
import { useCommands } from './use-commands.ts'
import { useFileInput } from './use-file-input.ts'
import { useFileMenu } from './use-file-menu.tsx'
import { useMarquee } from './use-marquee.ts'
import { useShownRows } from './use-shown-rows.ts'
import { useVirtualRows } from './use-virtual-rows.ts'
import { useViewOptions } from './view-options.ts'

const ROW_HEIGHTS = { comfortable: 34, compact: 26 }
const HEADER_HEIGHT = 30

/** A multi-select grid over any number of files, of which only the visible ones exist. */
export function FileTable() {
  const { t } = useTranslation('files')
  const format = useFormat()
  const scroller = useRef<HTMLDivElement>(null)
  const commands = useCommands()
  const menu = useFileMenu(commands)
  const columnState = useColumns()
  const columns = visibleColumns(columnState)
  const total = useFiles((state) => state.total)
  const rows = useFiles((state) => state.rows)
  const selection = useFiles((state) => state.selection)
  const cursor = useFiles((state) => state.cursor)
  const renaming = useFiles((state) => state.renaming)
  const copies = useFiles((state) => state.sort.key === 'copies')
  const rowHeight = useViewOptions((state) => ROW_HEIGHTS[state.density])
  const virtual = useVirtualRows(scroller, total, rowHeight, HEADER_HEIGHT)
  const { first, last, scrollToRow } = virtual
  const input = useFileInput(commands, { side: 0, line: 1, page: virtual.pageRows }, scrollToRow)

  const marquee = useMarquee(scroller, virtual.virtualTop, {
    total,
    header: HEADER_HEIGHT,
    lineHeight: rowHeight,
    columns: 1,
    columnWidth: Number.MAX_SAFE_INTEGER,
    paddingLeft: 0
  })

  useShownRows(first, last, scrollToRow)

  const visible = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset)
  const minWidth = columns.reduce((sum, column) => sum + columnWidth(column, columnState), 0)
  const count = selectedCount(selection, total)
  return (
    <>
      <ContextMenu items={menu} className="h-full">
        <div
          ref={scroller}
          role="grid"
          tabIndex={0}
          data-testid="file-table"
          aria-label={t('table.label')}
          aria-multiselectable="true"
          aria-rowcount={total + 1}
          aria-colcount={columns.length}
          aria-activedescendant={cursor >= first && cursor <= last ? `file-row-${cursor}` : undefined}
          onScroll={virtual.onScroll}
          {...input.props}
          onMouseDownCapture={marquee.onMouseDown}
          className="group/grid relative h-full overflow-auto outline-none select-none focus-visible:outline-none"
          style={{ '--columns': gridTemplate(columns, columnState), '--row': `${rowHeight}px` } as CSSProperties}
        >
          <FileTableHeader columns={columns} minWidth={minWidth} />
          <div role="rowgroup" className="relative" style={{ height: virtual.height, minWidth }}>
            {visible.map((index) => {
              const row = rows.get(index)
              const top = virtual.topOf(index)
              return row === undefined ? (
                <SkeletonRow key={`row-${index}`} index={index} top={top} columns={columns} />
              ) : (
                <FileTableRow
                  key={row.id}
                  row={row}
                  index={index}
                  top={top}
                  columns={columns}
                  first={copies && rows.get(index - 1)?.crc32 !== row.crc32}
                  selected={isSelected(selection, row.id)}
                  cursor={index === cursor}
                  renaming={renaming === row.id}
                />
              )
            })}
          </div>
        </div>
      </ContextMenu>
      <Marquee box={marquee.box} />
      <LiveRegion text={count === 0 ? '' : t('table.selected', { count, number: format.number(count), total: format.number(total) })} />
    </>
  )
}
