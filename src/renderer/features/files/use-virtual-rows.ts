import type { RefObject } from 'react'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ScrollPosition, ScrollSize } from './scroll-map.ts'
import { physicalHeight, scrollFor, scrolled } from './scroll-map.ts'

/** Rows drawn beyond what is visible, so that scrolling by a notch shows no gap. */
const OVERSCAN = 8

/** How high the last such element was, by the heights of its rows and header: the next draws its rows without being measured first. */
const lastViewports = new Map<string, number>()

export interface VirtualRows {
  /** First and last row to draw; last < first when there are none. */
  first: number
  last: number
  /** Of the element that holds the rows. */
  height: number
  /** Where a row stands in that element. */
  topOf(index: number): number
  /** Rows that fit whole. */
  pageRows: number
  scrollToRow(index: number): void
  /** How far the rows are scrolled, now. */
  virtualTop(): number
  onScroll(): void
}

/** Rows of equal height in an element that scrolls, below a header of `headerHeight`. */
export function useVirtualRows(
  scroller: RefObject<HTMLElement | null>,
  total: number,
  rowHeight: number,
  headerHeight: number
): VirtualRows {
  const kind = `${rowHeight} ${headerHeight}`
  const [viewport, setViewport] = useState(() => lastViewports.get(kind) ?? 0)
  const [position, setPosition] = useState<ScrollPosition>({ scrollTop: 0, virtualTop: 0 })
  const latest = useRef(position)
  const size: ScrollSize = { virtualHeight: total * rowHeight, viewport: Math.max(0, viewport - headerHeight) }

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const measure = (): void => {
      lastViewports.set(kind, element.clientHeight)
      setViewport(element.clientHeight)
    }
    if ((lastViewports.get(kind) ?? 0) === 0) measure()
    // It tells the first size by itself, when the browser has laid the page out anyway.
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, kind])

  const move = (next: ScrollPosition): void => {
    const element = scroller.current
    if (element !== null && Math.abs(element.scrollTop - next.scrollTop) > 0.5) element.scrollTop = next.scrollTop
    latest.current = next
    setPosition(next)
  }
  const onScroll = (): void => {
    const element = scroller.current
    if (element !== null && element.scrollTop !== latest.current.scrollTop) move(scrolled(latest.current, element.scrollTop, size))
  }

  // Fewer rows than before: the browser moves the element without telling anybody.
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const max = Math.max(0, size.virtualHeight - size.viewport)
    // At the top there is nowhere to be moved to; asking would lay the page out one time more.
    if (latest.current.virtualTop === 0 && latest.current.scrollTop === 0) return
    if (latest.current.virtualTop <= max && Math.abs(element.scrollTop - latest.current.scrollTop) <= 1) return
    const next = scrollFor(Math.min(latest.current.virtualTop, max), size)
    element.scrollTop = next.scrollTop
    latest.current = next
    setPosition(next)
    // oxlint-disable-next-line react/exhaustive-deps -- size is a new object each time; these two numbers are what it is made of
  }, [scroller, size.virtualHeight, size.viewport])

  const scrollToRow = useCallback(
    (index: number): void => {
      const top = index * rowHeight
      const { virtualTop } = latest.current
      const wanted = top < virtualTop ? top : top + rowHeight > virtualTop + size.viewport ? top + rowHeight - size.viewport : null
      if (wanted === null) return
      const next = scrollFor(wanted, size)
      latest.current = next
      setPosition(next)
      if (scroller.current !== null) scroller.current.scrollTop = next.scrollTop
    },
    // oxlint-disable-next-line react/exhaustive-deps -- as above
    [scroller, rowHeight, size.virtualHeight, size.viewport]
  )

  const first = Math.max(0, Math.floor(position.virtualTop / rowHeight) - OVERSCAN)
  const last = Math.min(total - 1, Math.ceil((position.virtualTop + size.viewport) / rowHeight) + OVERSCAN)
  const shift = position.scrollTop - position.virtualTop
  return {
    first,
    last,
    height: physicalHeight(size),
    topOf: (index) => index * rowHeight + shift,
    pageRows: Math.max(1, Math.floor(size.viewport / rowHeight) - 1),
    scrollToRow,
    virtualTop: () => latest.current.virtualTop,
    onScroll
  }
}
