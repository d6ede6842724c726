import type { ClipboardEvent, CSSProperties, KeyboardEvent, PointerEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cx, toast } from '../../components/index.ts'
import { useVirtualRows } from '../files/use-virtual-rows.ts'
import { MAX_VALUE_BYTES, utf8Length, valueProblem } from '../files/metadata-draft.ts'
import { openReplace } from './dialogs.ts'
import { GridColumnHeader } from './GridColumnHeader.tsx'
import { GridTableRow, NAME_WIDTH, ROW_HEIGHT } from './GridTableRow.tsx'
import { keyMove } from './keys.ts'
import { blockOf, cellOf, withBlock, withCells, withFill } from './model.ts'
import type { Range } from './model.ts'
import { change, rangeOf, redo, select, selectRange, undo, useGrid } from './session.ts'
import { formatTable, parseTable } from './table-text.ts'

const HEADER_HEIGHT = 30
const COLUMN_WIDTH = 180
const MIN_COLUMN = 60

/** What the pointer is over, from the attributes of cells. */
function cellAt(target: EventTarget | null): { row: number; column: number | null; handle: boolean } | null {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null
  if (element === null) return null
  const { row, column } = element.dataset
  const handle = target instanceof HTMLElement && target.dataset['handle'] === 'true'
  return { row: Number(row), column: column === undefined ? null : Number(column), handle }
}

type Drag = { tag: 'select' } | { tag: 'rows'; from: number } | { tag: 'fill'; from: Range }

/**
 * A spreadsheet over any number of rows. One text field, always where the cursor is, takes every key: so that also what an input
 * method composes begins in the cell.
 */
export function GridTable() {
  const { t } = useTranslation('grid')
  const scroller = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const drag = useRef<Drag | null>(null)
  const grid = useGrid((state) => state.grid)
  const cursor = useGrid((state) => state.cursor)
  const anchor = useGrid((state) => state.anchor)
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({})
  /** The text of the cell being edited; null = none is. */
  const [text, setText] = useState<string | null>(null)
  const virtual = useVirtualRows(scroller, grid.rows.length, ROW_HEIGHT, HEADER_HEIGHT)
  const { scrollToRow } = virtual
  const range = rangeOf({ cursor, anchor })
  const { keys } = grid
  const widthOf = (key: string): number => widths[key] ?? COLUMN_WIDTH
  const leftOf = (column: number): number => NAME_WIDTH + keys.slice(0, column).reduce((sum, key) => sum + widthOf(key), 0)
  const totalWidth = leftOf(keys.length)

  useEffect(() => scrollToRow(cursor.row), [scrollToRow, cursor.row])
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const left = leftOf(cursor.column)
    const right = left + widthOf(keys[cursor.column] ?? '')
    if (left - NAME_WIDTH < element.scrollLeft) element.scrollLeft = left - NAME_WIDTH
    else if (right > element.scrollLeft + element.clientWidth) element.scrollLeft = right - element.clientWidth
    // oxlint-disable-next-line react/exhaustive-deps -- only a moved cursor scrolls
  }, [cursor.column])
  useEffect(() => field.current?.focus({ preventScroll: true }), [])

  const key = keys[cursor.column]
  const commit = (): void => {
    if (text === null || key === undefined) return
    const value = text
    setText(null)
    if (value !== (cellOf(grid, cursor.row, key) ?? '')) change((now) => withCells(now, [{ row: cursor.row, key, value }]))
  }
  const edit = (value: string): void => {
    if (key !== undefined) setText(value)
  }

  const clear = (): void =>
    change((now) => {
      const cells = []
      for (let row = range.top; row <= range.bottom; row += 1) {
        for (let column = range.left; column <= range.right; column += 1) cells.push({ row, key: keys[column]!, value: null })
      }
      return withCells(now, cells)
    })
  const fillDown = (): void => {
    // Of one row alone the row above is meant, as in every spreadsheet.
    const single = range.top === range.bottom
    const from = single ? Math.max(0, range.top - 1) : range.top
    change((now) => withFill(now, { ...range, top: from, bottom: from }, { ...range, top: from }))
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // An input method is at work: its keys are its own.
    if (event.nativeEvent.isComposing) return
    const mod = event.ctrlKey || event.metaKey
    const run = (work: () => void): void => {
      event.preventDefault()
      event.stopPropagation()
      work()
    }
    if (text !== null) {
      if (event.key === 'Escape') return run(() => setText(null))
      if (event.key === 'Enter' && event.altKey) return
      if (event.key === 'Enter' || event.key === 'Tab') {
        return run(() => {
          commit()
          const step = event.shiftKey ? -1 : 1
          select(event.key === 'Enter' ? { ...cursor, row: cursor.row + step } : { ...cursor, column: cursor.column + step })
        })
      }
      return
    }
    const lower = event.key.toLowerCase()
    if (mod && lower === 'z') return run(event.shiftKey ? redo : undo)
    if (mod && lower === 'y') return run(redo)
    if (mod && lower === 'd') return run(fillDown)
    if (mod && (lower === 'f' || lower === 'h')) return run(openReplace)
    if (mod && lower === 'a') {
      return run(() => selectRange({ top: 0, left: 0, bottom: grid.rows.length - 1, right: Math.max(0, keys.length - 1) }))
    }
    if (event.key === 'F2') return run(() => edit(cellOf(grid, cursor.row, key ?? '') ?? ''))
    if (event.key === 'Delete' || event.key === 'Backspace') return run(clear)
    const move = keyMove(event, cursor, { rows: grid.rows.length, columns: keys.length, page: virtual.pageRows })
    if (move !== null) return run(() => select(move.cell, move.extend))
    // The field takes letters by itself; they are no shortcuts of the window.
    if (!mod && event.key.length === 1) event.stopPropagation()
  }

  const onCopy = (event: ClipboardEvent, cut: boolean): void => {
    if (text !== null) return
    event.preventDefault()
    event.clipboardData.setData('text/plain', formatTable(blockOf(grid, range)))
    if (cut) clear()
  }
  const onPaste = (event: ClipboardEvent): void => {
    event.stopPropagation()
    if (text !== null) return
    event.preventDefault()
    const pasted = parseTable(event.clipboardData.getData('text/plain'))
    let filled = range
    change((now) => {
      const result = withBlock(now, range, pasted)
      filled = result.range
      if (result.cut) toast({ key: 'paste', title: t('paste.cut'), text: t('paste.cutText') })
      return result.grid
    })
    selectRange(filled)
  }

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const at = cellAt(event.target)
    if (at === null || event.button !== 0) return
    // The field keeps the focus.
    event.preventDefault()
    commit()
    field.current?.focus({ preventScroll: true })
    if (at.handle) {
      drag.current = { tag: 'fill', from: range }
      return
    }
    if (at.column === null) {
      const from = event.shiftKey ? anchor.row : at.row
      drag.current = { tag: 'rows', from }
      selectRange({ top: from, bottom: at.row, left: 0, right: Math.max(0, keys.length - 1) })
      return
    }
    drag.current = { tag: 'select' }
    select({ row: at.row, column: at.column }, event.shiftKey)
  }
  const onPointerOver = (event: PointerEvent<HTMLDivElement>): void => {
    const at = cellAt(event.target)
    if (at === null || drag.current === null || event.buttons !== 1) return
    if (drag.current.tag === 'select') return select({ row: at.row, column: at.column ?? 0 }, true)
    if (drag.current.tag === 'rows') {
      return selectRange({ top: drag.current.from, bottom: at.row, left: 0, right: Math.max(0, keys.length - 1) })
    }
    const { from } = drag.current
    selectRange({ ...from, top: Math.min(from.top, at.row), bottom: Math.max(from.bottom, at.row) })
  }
  const onPointerUp = (): void => {
    const ended = drag.current
    drag.current = null
    if (ended?.tag === 'fill') change((now) => withFill(now, ended.from, range))
  }

  const resize = (column: string, event: PointerEvent<HTMLSpanElement>): void => {
    event.preventDefault()
    event.stopPropagation()
    const start = event.clientX - widthOf(column)
    const move = (to: globalThis.PointerEvent): void => setWidths((now) => ({ ...now, [column]: Math.max(MIN_COLUMN, to.clientX - start) }))
    const end = (): void => window.removeEventListener('pointermove', move)
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', end, { once: true })
  }

  const visible = Array.from({ length: Math.max(0, virtual.last - virtual.first + 1) }, (_, offset) => virtual.first + offset)
  const variables = Object.fromEntries(keys.map((each, column) => [`--c${column}`, `${widthOf(each)}px`])) as CSSProperties
  const bytes = text === null ? 0 : utf8Length(text)
  return (
    <div ref={scroller} onScroll={virtual.onScroll} className="relative h-full overflow-auto bg-bg" style={variables}>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the field over the active cell has the focus */}
      <div
        role="grid"
        aria-label={t('table.label')}
        aria-rowcount={grid.rows.length + 1}
        aria-colcount={keys.length + 1}
        aria-multiselectable="true"
        data-testid="metadata-grid"
        className="select-none"
        style={{ width: totalWidth }}
        onPointerDown={onPointerDown}
        onPointerOver={onPointerOver}
        onPointerUp={onPointerUp}
        onDoubleClick={() => edit(cellOf(grid, cursor.row, key ?? '') ?? '')}
      >
        <div role="row" aria-rowindex={1} className="sticky top-0 z-20 flex bg-bg" style={{ height: HEADER_HEIGHT }}>
          <div
            role="columnheader"
            className="sticky left-0 z-10 flex shrink-0 items-center border-r border-b border-line bg-bg pl-3 font-medium text-muted"
            style={{ width: NAME_WIDTH }}
          >
            {t('table.name')}
          </div>
          {keys.map((each, column) => (
            <GridColumnHeader
              key={each}
              name={each}
              column={column}
              selected={column >= range.left && column <= range.right}
              onSelect={() => {
                selectRange({ top: 0, bottom: grid.rows.length - 1, left: column, right: column })
                field.current?.focus({ preventScroll: true })
              }}
              onResize={(event) => resize(each, event)}
            />
          ))}
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.height }}>
          {visible.map((index) => {
            const row = grid.rows[index]
            if (row === undefined) return null
            const inside = index >= range.top && index <= range.bottom
            return (
              <GridTableRow
                key={row.id}
                row={row}
                index={index}
                top={virtual.topOf(index)}
                keys={keys}
                edits={grid.edits.get(index)}
                left={inside ? range.left : -1}
                right={inside ? range.right : -2}
                cursor={index === cursor.row ? cursor.column : -1}
                handle={index === range.bottom && text === null}
              />
            )
          })}
        </div>
      </div>
      {key === undefined ? null : (
        <div
          className={cx('absolute z-15', text === null && 'pointer-events-none opacity-0')}
          style={{
            top: HEADER_HEIGHT + virtual.topOf(cursor.row),
            left: leftOf(cursor.column),
            width: Math.max(widthOf(key), text === null ? 0 : 220)
          }}
        >
          <textarea
            ref={field}
            rows={1}
            spellCheck={false}
            data-testid="cell-editor"
            aria-label={t('cell.label', { key, name: grid.rows[cursor.row]?.name ?? '' })}
            aria-invalid={text !== null && valueProblem(text) !== null}
            value={text ?? ''}
            onChange={(event) => setText(event.currentTarget.value)}
            onCompositionStart={() => setText((now) => now ?? '')}
            onKeyDown={onKeyDown}
            onCopy={(event) => onCopy(event, false)}
            onCut={(event) => onCopy(event, true)}
            onPaste={onPaste}
            onBlur={commit}
            className="block field-sizing-content max-h-40 w-full resize-none overflow-y-auto bg-surface px-2 py-1 leading-5 text-text outline-2 -outline-offset-2 outline-accent aria-invalid:outline-danger"
            style={{ minHeight: ROW_HEIGHT }}
          />
          {text === null ? null : (
            <span
              className={cx(
                'tabular absolute top-full right-0 mt-0.5 rounded-md bg-raised px-1.5 text-xs shadow-pop',
                bytes > MAX_VALUE_BYTES ? 'text-danger' : 'text-muted'
              )}
              data-testid="cell-bytes"
            >
              {t('cell.bytes', { bytes, limit: MAX_VALUE_BYTES })}
            </span>
          )}
        </div>
      )}
    </div>
  )
}
