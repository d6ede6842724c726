import { readFileSync } from 'node:fs'
import type { BrowserWindow, Rectangle } from 'electron'
import { z } from 'zod'
import { writeJsonFile } from '../app/json-file.ts'

const StateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400).max(20_000),
  height: z.number().int().min(300).max(20_000),
  maximized: z.boolean()
})
export type WindowState = z.infer<typeof StateSchema>

/**
 * The last place of the window, wholly on the screen that shows most of it: screens get smaller and move. null when there is none, or
 * no screen shows enough of it any more.
 */
export function readWindowState(path: string, screens: readonly Rectangle[]): WindowState | null {
  try {
    const state = StateSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    const home = screens.toSorted((a, b) => overlap(b, state) - overlap(a, state))[0]
    if (home === undefined || overlap(home, state) < 0.25 * state.width * state.height) return null
    const [width, height] = [Math.min(state.width, home.width), Math.min(state.height, home.height)]
    return {
      ...state,
      width,
      height,
      x: Math.max(home.x, Math.min(state.x, home.x + home.width - width)),
      y: Math.max(home.y, Math.min(state.y, home.y + home.height - height))
    }
  } catch {
    return null
  }
}

/** How far a second window stands from the first: its title bar stays visible. */
const STEP = 32

/** A place for a window that is opened from another: beside it, or at the corner of its screen when that would leave the screen. */
export function beside(other: Rectangle, screens: readonly Rectangle[]): WindowState {
  const { width, height } = other
  const home = screens.toSorted((a, b) => overlap(b, other) - overlap(a, other))[0]
  const [x, y] = [other.x + STEP, other.y + STEP]
  const fits = home === undefined || (x + width <= home.x + home.width && y + height <= home.y + home.height)
  return { x: fits ? x : home.x, y: fits ? y : home.y, width, height, maximized: false }
}

/** Keeps the file up to date with the window; a failed write is of no matter. */
export function keepWindowState(path: string, window: BrowserWindow): void {
  let timer: ReturnType<typeof setTimeout> | null = null
  const save = () => {
    if (window.isDestroyed() || window.isMinimized()) return
    const { x, y, width, height } = window.getNormalBounds()
    writeJsonFile(path, { x, y, width, height, maximized: window.isMaximized() } satisfies WindowState).catch(() => undefined)
  }
  const soon = () => {
    if (timer) clearTimeout(timer)
    timer = setTimeout(save, 500)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('close', () => {
    if (timer) clearTimeout(timer)
    save()
  })
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}
