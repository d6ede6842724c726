import { powerSaveBlocker } from 'electron'
import type { BrowserWindow } from 'electron'
import type { TransferSnapshot, TransferTotals } from '../../shared/model.ts'
import type { App } from '../app/create-app.ts'

/** What the desktop shows and does while transfers run: the computer stays awake, the taskbar shows how far it is. */
export interface Activity {
  /** Transfers that are not over: they go on at the next start. */
  unfinished(): number
  close(): void
}

export function watchActivity(app: Pick<App, 'subscribe' | 'dispatch'>, window: () => BrowserWindow | null): Activity {
  let totals: TransferTotals | null = null
  let blocker: number | null = null
  const take = (snapshot: TransferSnapshot) => {
    totals = snapshot.totals
    const moving = !totals.paused && totals.counts.running > 0
    if (moving && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
    else if (!moving) allowSleep()
    const shown = window()
    if (shown && !shown.isDestroyed()) {
      const part = totals.totalBytes === 0 ? 0 : totals.doneBytes / totals.totalBytes
      shown.setProgressBar(moving ? part : -1)
    }
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
    unfinished: () => (totals === null ? 0 : totals.counts.queued + totals.counts.running + totals.counts.waiting),
    close() {
      unsubscribe()
      allowSleep()
    }
  }
}
