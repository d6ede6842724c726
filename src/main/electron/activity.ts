import { app as electronApp, powerSaveBlocker } from 'electron'
import type { BrowserWindow } from 'electron'
import type { TransferSnapshot, TransferTotals } from '../../shared/model.ts'
import type { App } from '../app/create-app.ts'

/** What the desktop shows and does while transfers run: the computer stays awake, the taskbar shows how far it is. */
export interface Activity {
  /** Transfers that are not over: they go on at the next start. */
  unfinished(): number
  /** Runs now, once totals are known, and whenever they change. */
  follow(listener: (totals: TransferTotals) => void): void
  close(): void
}

export function watchActivity(app: Pick<App, 'subscribe' | 'dispatch'>, windows: () => BrowserWindow[]): Activity {
  let totals: TransferTotals | null = null
  let blocker: number | null = null
  let badge = 0
  const listeners = new Set<(totals: TransferTotals) => void>()
  const take = (snapshot: TransferSnapshot) => {
    totals = snapshot.totals
    const moving = !totals.paused && totals.counts.running > 0
    if (moving && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
    else if (!moving) allowSleep()
    showProgress(totals, windows())
    if (badge !== totals.activeBatches) electronApp.setBadgeCount((badge = totals.activeBatches))
    for (const listener of listeners) listener(totals)
  }
  const allowSleep = () => {
    if (blocker !== null) powerSaveBlocker.stop(blocker)
    blocker = null
  }
  const unsubscribe = app.subscribe((message) => {
    if (message.event === 'transfers.changed') take(message.data as TransferSnapshot)
  })
  void app.dispatch({ id: 0, name: 'transfers.snapshot', input: {} }).then((reply) => {
    if ('ok' in reply && totals === null) take(reply.ok as TransferSnapshot)
  })
  return {
    unfinished: () => (totals === null ? 0 : unfinishedOf(totals)),
    follow(listener) {
      listeners.add(listener)
      if (totals !== null) listener(totals)
    },
    close() {
      unsubscribe()
      allowSleep()
    }
  }
}

export function unfinishedOf({ counts }: TransferTotals): number {
  return counts.queued + counts.running + counts.waiting
}

/** 0 to 1. */
export function partDone({ doneBytes, totalBytes }: TransferTotals): number {
  return totalBytes === 0 ? 0 : Math.min(1, doneBytes / totalBytes)
}

/** Windows paints the bar yellow for what is paused and red for what has failures. */
function showProgress(totals: TransferTotals, windows: BrowserWindow[]): void {
  const shown = totals.counts.running > 0 || (totals.paused && unfinishedOf(totals) > 0)
  const mode = totals.paused ? 'paused' : totals.counts.failed > 0 ? 'error' : 'normal'
  for (const window of windows) {
    if (!window.isDestroyed()) window.setProgressBar(shown ? partDone(totals) : -1, { mode: shown ? mode : 'none' })
  }
}
