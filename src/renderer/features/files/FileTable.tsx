import type { CSSProperties, KeyboardEvent, MouseEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ContextMenu, LiveRegion } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { columnWidth, gridTemplate, useColumns, visibleColumns } from './columns.ts'
import { useFiles, useFilesActions, useFilesStore } from './context.tsx'
import { FileTableHeader } from './FileTableHeader.tsx'
import { FileTableRow, SkeletonRow } from './FileTableRow.tsx'
import { isSelected, selectedCount } from './selection.ts'
import { useCommands } from './use-commands.ts'
import { useFileMenu } from './use-file-menu.tsx'
import { useTypeAhead } from './use-type-ahead.ts'
import { useVirtualRows } from './use-virtual-rows.ts'

export const ROW_HEIGHT = 34
const HEADER_HEIGHT = 30

/** Row number of the row an event happened in. */
function rowOf(event: MouseEvent): number | null {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null
  return row === null ? null : Number(row.dataset['index'])
}

/** A multi-select grid over any number of files, of which only the visible ones exist. */
export function FileTable() {
  const { t } = useTranslation('files')
  const format = useFormat()
  const scroller = useRef<HTMLDivElement>(null)
  const store = useFilesStore()
  const actions = useFilesActions()
  const commands = useCommands()
  const menu = useFileMenu(commands)
  const columnState = useColumns()
  const columns = visibleColumns(columnState)
  const total = useFiles((state) => state.total)
  const rows = useFiles((state) => state.rows)
  const version = useFiles((state) => state.rowsVersion)
  const selection = useFiles((state) => state.selection)
  const cursor = useFiles((state) => state.cursor)
  const renaming = useFiles((state) => state.renaming)
  const query = useFiles((state) => state.query)
  /** The cursor is shown once keys are used: with the mouse the selection says enough. */
  const [keys, setKeys] = useState(false)
  const virtual = useVirtualRows(scroller, total, ROW_HEIGHT, HEADER_HEIGHT)
  const { first, last, scrollToRow } = virtual
  const typeAhead = useTypeAhead((index) => {
    void actions.select(index, 'only')
    scrollToRow(index)
  })

  useEffect(() => {
    if (last >= first) actions.ensureRows(first, last)
  }, [actions, first, last, version])
  // Another query starts at its top; the same one may grow or shrink where it is.
  const shownQuery = useRef(query)
  useEffect(() => {
    if (shownQuery.current === query) return
    shownQuery.current = query
    scrollToRow(0)
  }, [query, scrollToRow])

  const go = (index: number, event: KeyboardEvent): void => {
    const to = Math.max(0, Math.min(total - 1, index))
    const mod = event.ctrlKey || event.metaKey
    void actions.select(to, event.shiftKey ? (mod ? 'addRange' : 'range') : mod ? 'move' : 'only')
    scrollToRow(to)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || total === 0) return
    const mod = event.ctrlKey || event.metaKey
    const at = store.getState().cursor
    const handled = (): void => {
      event.preventDefault()
      setKeys(true)
    }
    switch (event.key) {
      case 'ArrowDown':
        handled()
        return go(at + 1, event)
      case 'ArrowUp':
        handled()
        return go(at < 0 ? total - 1 : at - 1, event)
      case 'Home':
        handled()
        return go(0, event)
      case 'End':
        handled()
        return go(total - 1, event)
      case 'PageDown':
        handled()
        return go(at + virtual.pageRows, event)
      case 'PageUp':
        handled()
        return go(at - virtual.pageRows, event)
      case 'Enter':
        handled()
        return commands.inspect()
      case ' ':
        if (typeAhead.typing) break
        handled()
        if (mod || at < 0) return void actions.select(Math.max(0, at), 'toggle')
        if (event.shiftKey) return void actions.select(at, 'range')
        return commands.inspect()
      case 'Escape':
        handled()
        return actions.clearSelection()
      case 'Delete':
        handled()
        return commands.remove()
      case 'Backspace':
        // The delete key of a Mac.
        if (!event.metaKey) return
        handled()
        return commands.remove()
      case 'F2':
        handled()
        return commands.rename()
      default:
    }
    if (mod && !event.altKey && event.key.toLowerCase() === 'a') {
      handled()
      return actions.selectAll()
    }
    if (mod && !event.altKey && event.key.toLowerCase() === 'c' && commands.any) {
      handled()
      return commands.copy('id')
    }
    if (!mod && !event.altKey && event.key.length === 1) {
      event.preventDefault()
      typeAhead.type(event.key)
    }
  }
  const onMouseDown = (event: MouseEvent): void => {
    setKeys(false)
    const index = rowOf(event)
    if (index === null) {
      if (event.button === 0 && event.target instanceof Element && event.target.closest('[role=columnheader]') === null)
        actions.clearSelection()
      return
    }
    if (event.target instanceof HTMLInputElement) return
    const mod = event.ctrlKey || event.metaKey
    if (event.button === 0) void actions.select(index, event.shiftKey ? (mod ? 'addRange' : 'range') : mod ? 'toggle' : 'only')
    if (event.button === 2) {
      const row = rows.get(index)
      if (row === undefined || !isSelected(selection, row.id)) void actions.select(index, 'only')
    }
  }

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
          onKeyDown={onKeyDown}
          onMouseDown={onMouseDown}
          onDoubleClick={(event) => {
            if (rowOf(event) !== null) commands.inspect()
          }}
          onScroll={virtual.onScroll}
          onFocus={(event) => {
            if (event.target.matches(':focus-visible')) setKeys(true)
          }}
          data-keys={keys || undefined}
          className="group/grid relative h-full overflow-auto outline-none select-none focus-visible:outline-none"
          style={{ '--columns': gridTemplate(columns, columnState) } as CSSProperties}
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
                  selected={isSelected(selection, row.id)}
                  cursor={index === cursor}
                  renaming={renaming === row.id}
                />
              )
            })}
          </div>
        </div>
      </ContextMenu>
      <LiveRegion text={count === 0 ? '' : t('table.selected', { count, number: format.number(count), total: format.number(total) })} />
    </>
  )
}
