import { toAppError } from '../../shared/errors.ts'
import type { BatchView } from '../../shared/model.ts'
import type { Client } from './client.ts'

/** Resolves with the batch once nothing of it is left to do; null when it is not known (any more). Survives a lost link. */
export function batchDone(client: Client, batchId: number): Promise<BatchView | null> {
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = []
    const settle = (run: () => void): void => {
      for (const stop of stops.splice(0)) stop()
      run()
    }
    const ask = (): void => {
      client.call('transfers.batch', { batchId }).then(
        (batch) => {
          if (batch === null || batch.finishedAt !== null) settle(() => resolve(batch))
        },
        (error: unknown) => {
          const known = toAppError(error)
          // The batch goes on without this page; it is asked for again when the link is back.
          if (known.code !== 'LINK_LOST') settle(() => reject(known))
        }
      )
    }
    stops.push(
      client.on('transfers.changed', ({ batches }) => {
        const batch = batches.find((each) => each.id === batchId)
        if (batch !== undefined && batch.finishedAt !== null) settle(() => resolve(batch))
      }),
      client.onReconnect(ask)
    )
    // It may have been over before anybody listened.
    ask()
  })
}
