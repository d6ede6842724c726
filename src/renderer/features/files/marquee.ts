/** Which files a rectangle touches. Pure; in pixels from the first file's corner. */

export interface Point {
  x: number
  y: number
}

/** Files in lines of equal height: one per line in the table, several in the grid. */
export interface MarqueeShape {
  total: number
  /** Height of what covers the top of the scroller. */
  header: number
  lineHeight: number
  columns: number
  columnWidth: number
  /** Left of the first column. */
  paddingLeft: number
}

export interface Touched {
  /** First and last file by number; to < from: none. */
  from: number
  to: number
  /** Of those between them. */
  wanted: (index: number) => boolean
}

export function rowsWithin(a: Point, b: Point, shape: MarqueeShape): Touched {
  const { total, lineHeight, columns, columnWidth, paddingLeft } = shape
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)]
  const [left, right] = [Math.min(a.x, b.x) - paddingLeft, Math.max(a.x, b.x) - paddingLeft]
  const lines = Math.ceil(total / columns)
  const none: Touched = { from: 0, to: -1, wanted: () => false }
  if (bottom < 0 || top >= lines * lineHeight || right < 0 || left >= columns * columnWidth) return none
  const firstLine = Math.max(0, Math.floor(top / lineHeight))
  const lastLine = Math.min(lines - 1, Math.floor(bottom / lineHeight))
  const firstColumn = Math.max(0, Math.floor(left / columnWidth))
  const lastColumn = Math.min(columns - 1, Math.floor(right / columnWidth))
  return {
    from: Math.min(total - 1, firstLine * columns + firstColumn),
    to: Math.min(total - 1, lastLine * columns + lastColumn),
    wanted: (index) => {
      const column = index % columns
      return column >= firstColumn && column <= lastColumn
    }
  }
}
