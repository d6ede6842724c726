import type { MouseEvent, RefObject } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useFilesActions, useFilesStore } from './context.tsx'
import { rowsWithin, type MarqueeShape, type Point } from './marquee.ts'
import { NOTHING, type Selection } from './selection.ts'

/** Pixels before a press becomes a marquee. */
const THRESHOLD = 5
/** Pixels per frame that the files move while the pointer is beyond their edge; more the farther it is. */
const MAX_SPEED = 40

export interface MarqueeBox {
  left: number
  top: number
  width: number
  height: number
}

interface Marquee {
  start: Point
  base: Selection
  /** Where the pointer is in the window. */
  pointer: Point
  moved: boolean
}

/** What takes its own presses: what can be dragged, and controls. */
const OWN = '[draggable=true], [role=columnheader], button, input'

/**
 * A rectangle drawn over the files selects those it touches, also those that were never loaded. `virtualTop`: how far the files
 * are scrolled; `shape` says where they stand.
 */
export function useMarquee(scroller: RefObject<HTMLElement | null>, virtualTop: () => number, shape: MarqueeShape) {
  const actions = useFilesActions()
  const store = useFilesStore()
  const [box, setBox] = useState<MarqueeBox | null>(null)
  const marquee = useRef<Marquee | null>(null)
  const latest = useRef({ virtualTop, shape })
  useEffect(() => {
    latest.current = { virtualTop, shape }
  })
  const stop = useRef<() => void>(() => undefined)
  useEffect(() => () => stop.current(), [])

  /** From the window to the files, whose first begins at 0. */
  const toFiles = (element: HTMLElement, pointer: Point): Point => {
    const { left, top } = element.getBoundingClientRect()
    const now = latest.current
    return { x: pointer.x - left + element.scrollLeft, y: pointer.y - top - now.shape.header + now.virtualTop() }
  }

  const draw = (): void => {
    const element = scroller.current
    const now = marquee.current
    if (element === null || now === null) return
    const edge = element.getBoundingClientRect()
    const inside = {
      x: Math.min(Math.max(now.pointer.x, edge.left), edge.right),
      y: Math.min(Math.max(now.pointer.y, edge.top + latest.current.shape.header), edge.bottom)
    }
    const end = toFiles(element, inside)
    // The start may have been scrolled away: the box is drawn up to the edge.
    const startX = edge.left + now.start.x - element.scrollLeft
    const startY = edge.top + latest.current.shape.header + now.start.y - latest.current.virtualTop()
    const clampedY = Math.min(Math.max(startY, edge.top + latest.current.shape.header), edge.bottom)
    setBox({
      left: Math.min(startX, inside.x),
      top: Math.min(clampedY, inside.y),
      width: Math.abs(inside.x - startX),
      height: Math.abs(inside.y - clampedY)
    })
    const { from, to, wanted } = rowsWithin(now.start, end, latest.current.shape)
    void actions.selectRows(from, to, wanted, now.base)
  }

  const onMouseDown = (event: MouseEvent): void => {
    const element = scroller.current
    const { target } = event
    if (event.button !== 0 || event.shiftKey || element === null || !(target instanceof Element) || target.closest(OWN) !== null) return
    // The scroll bar is not the files.
    const { left, top } = element.getBoundingClientRect()
    if (event.clientX - left >= element.clientWidth || event.clientY - top >= element.clientHeight) return
    const pointer = { x: event.clientX, y: event.clientY }
    const base = event.ctrlKey || event.metaKey ? store.getState().selection : NOTHING
    marquee.current = { start: toFiles(element, pointer), base, pointer, moved: false }
    let frame = 0
    const tick = (): void => {
      const now = marquee.current
      if (now === null) return
      const edge = element.getBoundingClientRect()
      const beyond = Math.min(0, now.pointer.y - edge.top - latest.current.shape.header) + Math.max(0, now.pointer.y - edge.bottom)
      if (beyond !== 0) element.scrollTop += Math.max(-MAX_SPEED, Math.min(MAX_SPEED, beyond / 2))
      draw()
      frame = beyond === 0 ? 0 : requestAnimationFrame(tick)
    }
    const onMove = (moved: globalThis.MouseEvent): void => {
      const now = marquee.current
      if (now === null) return
      now.pointer = { x: moved.clientX, y: moved.clientY }
      if (!now.moved && Math.hypot(moved.clientX - pointer.x, moved.clientY - pointer.y) < THRESHOLD) return
      now.moved = true
      if (frame === 0) frame = requestAnimationFrame(tick)
    }
    const end = (): void => {
      cancelAnimationFrame(frame)
      if (marquee.current?.moved === true) draw()
      marquee.current = null
      setBox(null)
      window.removeEventListener('mousemove', onMove)
      window.removeEventListener('mouseup', end)
    }
    stop.current = end
    window.addEventListener('mousemove', onMove)
    window.addEventListener('mouseup', end)
  }
  return { box, onMouseDown }
}
