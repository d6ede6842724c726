/**
 * Browsers do not draw elements above some 17 to 33 million pixels, and a million rows are taller. Above `MAX_HEIGHT` the element
 * that scrolls is shorter than the rows together: small movements (wheel, keys) move the rows by as much, large ones (the thumb)
 * by proportion. Pure.
 */
export const MAX_HEIGHT = 10_000_000

export interface ScrollSize {
  /** Height of all rows. */
  virtualHeight: number
  /** Height of what is visible. */
  viewport: number
}
export interface ScrollPosition {
  /** Of the element. */
  scrollTop: number
  /** Of the rows. */
  virtualTop: number
}

export function physicalHeight(size: ScrollSize): number {
  return Math.min(size.virtualHeight, MAX_HEIGHT)
}

function limits(size: ScrollSize): { maxVirtual: number; maxPhysical: number } {
  return {
    maxVirtual: Math.max(0, size.virtualHeight - size.viewport),
    maxPhysical: Math.max(0, physicalHeight(size) - size.viewport)
  }
}

const clamp = (value: number, max: number): number => Math.min(Math.max(0, value), max)

/** The element was scrolled to `scrollTop`. The answer's scrollTop may differ: then it must be set on the element. */
export function scrolled(from: ScrollPosition, scrollTop: number, size: ScrollSize): ScrollPosition {
  const { maxVirtual, maxPhysical } = limits(size)
  if (size.virtualHeight <= MAX_HEIGHT) return { scrollTop, virtualTop: clamp(scrollTop, maxVirtual) }
  const delta = scrollTop - from.scrollTop
  if (Math.abs(delta) > size.viewport) return { scrollTop, virtualTop: clamp((scrollTop / maxPhysical) * maxVirtual, maxVirtual) }
  const virtualTop = clamp(from.virtualTop + delta, maxVirtual)
  // Near an end both run side by side, so that they arrive together.
  const near = nearEnd(size)
  if (virtualTop <= near) return { scrollTop: virtualTop, virtualTop }
  if (maxVirtual - virtualTop <= near) return { scrollTop: maxPhysical - (maxVirtual - virtualTop), virtualTop }
  // The element would hit its end long before the rows: give it room again.
  if (scrollTop < size.viewport) return { scrollTop: near, virtualTop }
  if (maxPhysical - scrollTop < size.viewport) return { scrollTop: maxPhysical - near, virtualTop }
  return { scrollTop, virtualTop }
}

function nearEnd(size: ScrollSize): number {
  return size.viewport * 4
}

/** Where the element must be scrolled so that the rows are at `virtualTop`. */
export function scrollFor(wanted: number, size: ScrollSize): ScrollPosition {
  const { maxVirtual, maxPhysical } = limits(size)
  const virtualTop = clamp(wanted, maxVirtual)
  if (size.virtualHeight <= MAX_HEIGHT) return { scrollTop: virtualTop, virtualTop }
  const near = nearEnd(size)
  if (virtualTop <= near) return { scrollTop: virtualTop, virtualTop }
  if (maxVirtual - virtualTop <= near) return { scrollTop: maxPhysical - (maxVirtual - virtualTop), virtualTop }
  return { scrollTop: (virtualTop / maxVirtual) * maxPhysical, virtualTop }
}
