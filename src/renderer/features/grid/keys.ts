/** Where the keys of a spreadsheet lead. Pure. */
import type { Cell } from './session.ts'

interface KeyLike {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

/** The cell a key leads to, and whether the range grows to it; null = the key is no movement. */
export function keyMove(
  event: KeyLike,
  { row, column }: Cell,
  size: { rows: number; columns: number; page: number }
): { cell: Cell; extend: boolean } | null {
  const far = event.ctrlKey || event.metaKey
  const lastRow = size.rows - 1
  const lastColumn = size.columns - 1
  const to = (nextRow: number, nextColumn: number, extend = event.shiftKey) => ({ cell: { row: nextRow, column: nextColumn }, extend })
  switch (event.key) {
    case 'ArrowDown':
      return to(far ? lastRow : row + 1, column)
    case 'ArrowUp':
      return to(far ? 0 : row - 1, column)
    case 'ArrowRight':
      return to(row, far ? lastColumn : column + 1)
    case 'ArrowLeft':
      return to(row, far ? 0 : column - 1)
    case 'Home':
      return to(far ? 0 : row, 0)
    case 'End':
      return to(far ? lastRow : row, lastColumn)
    case 'PageDown':
      return to(row + size.page, column)
    case 'PageUp':
      return to(row - size.page, column)
    case 'Enter':
      return to(row + (event.shiftKey ? -1 : 1), column, false)
    case 'Tab':
      // At the end of a line the focus goes on: a keyboard must be able to leave the grid.
      if (event.shiftKey ? column === 0 : column === lastColumn) return null
      return to(row, column + (event.shiftKey ? -1 : 1), false)
    default:
      return null
  }
}
