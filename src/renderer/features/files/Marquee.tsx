import type { MarqueeBox } from './use-marquee.ts'

/** The rectangle that is being drawn. */
export function Marquee({ box }: { box: MarqueeBox | null }) {
  if (box === null) return null
  return (
    <div
      aria-hidden="true"
      data-testid="marquee"
      className="pointer-events-none fixed z-30 rounded-sm border border-accent bg-accent/15"
      style={box}
    />
  )
}
