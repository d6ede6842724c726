/** Keeps the store fed: the first snapshot by a call, the others by events, painted at most six times a second. */
import type { Client } from '../../api/client.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { TransferSnapshot } from '../../../shared/model.ts'
import { sampleSpeed, useSpeed } from './speed.ts'
import { EMPTY, takeSnapshot, useTransfers } from './store.ts'

const PAINT_MS = 160

export interface FeedPort {
  now(): number
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
}

const windowPort: FeedPort = {
  now: () => Date.now(),
  setTimeout: (run, ms) => window.setTimeout(run, ms),
  clearTimeout: (timer) => window.clearTimeout(timer as number)
}

/** Returns the stopper. */
export function startTransfers(api: Client, port: FeedPort = windowPort): () => void {
  let latest: TransferSnapshot | null = null
  let timer: unknown = null
  let stopped = false

  const paint = (): void => {
    timer = null
    if (latest === null) return
    const snapshot = latest
    latest = null
    useTransfers.setState((state) => takeSnapshot(state, snapshot, port.now()))
    useSpeed.setState((history) => sampleSpeed(history, snapshot, port.now()), true)
    timer = port.setTimeout(paint, PAINT_MS)
  }
  /** The first at once, then the latest of each interval. */
  const take = (snapshot: TransferSnapshot): void => {
    if (stopped) return
    if (latest !== null && latest.revision >= snapshot.revision) return
    latest = snapshot
    if (timer === null) paint()
  }
  const load = (): void => {
    api.call('transfers.snapshot', {}).then(take, (thrown: unknown) => {
      const error = toAppError(thrown)
      // The link comes back by itself, and loads again then.
      if (error.code !== 'LINK_LOST') useTransfers.setState({ error: error.toData() })
    })
  }
  const stops = [
    api.on('transfers.changed', take),
    api.onReconnect(() => {
      // The program may have started anew, and its revisions with it; what is shown stays until it answers.
      latest = null
      useTransfers.setState({ revision: EMPTY.revision })
      load()
    })
  ]
  load()
  return () => {
    stopped = true
    for (const stop of stops) stop()
    if (timer !== null) port.clearTimeout(timer)
  }
}
