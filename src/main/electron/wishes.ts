import type { HostWish } from '../../shared/contract.ts'

/** What the desktop wants of a window, kept until a window takes it: it may still be loading, or not be there yet. */
export interface Wishes {
  add(wish: HostWish): void
  take(): HostWish[]
}

/** A page that never takes anything must not fill the memory. */
const MOST = 100

/** `told` runs after every new one. Files that come one by one (macOS opens each by itself) are offered together. */
export function createWishes(told: () => void): Wishes {
  const waiting: HostWish[] = []
  return {
    add(wish) {
      const last = waiting.at(-1)
      if (wish.tag === 'upload' && last?.tag === 'upload') last.paths = [...new Set([...last.paths, ...wish.paths])]
      else waiting.push(wish)
      if (waiting.length > MOST) waiting.shift()
      told()
    },
    take: () => waiting.splice(0)
  }
}
