import { describe, expect, it } from 'vitest'
import { batchDone } from '../../../../src/renderer/api/batch-done.ts'
import { createClient } from '../../../../src/renderer/api/client.ts'
import type { BatchView, TransferSnapshot } from '../../../../src/shared/model.ts'
import { createFakeLink, settled } from '../../../support/fake-link.ts'

const batch = (id: number, finishedAt: number | null): BatchView => ({ id, finishedAt }) as BatchView
const snapshot = (revision: number, batches: BatchView[]): TransferSnapshot => ({ revision, batches }) as TransferSnapshot

describe('waiting for a batch', () => {
  it('ends at once for a batch that was over before anybody listened', async () => {
    const link = createFakeLink({ 'transfers.batch': () => batch(7, 99) })
    await expect(batchDone(createClient(link), 7)).resolves.toMatchObject({ id: 7, finishedAt: 99 })
  })

  it('ends with the snapshot that says it is over, and not before', async () => {
    const link = createFakeLink({ 'transfers.batch': () => batch(7, null) })
    let done = false
    const waiting = batchDone(createClient(link), 7).then((found) => {
      done = true
      return found
    })
    await settled()
    link.emit('transfers.changed', snapshot(1, [batch(7, null), batch(6, 50)]))
    await settled()
    expect(done).toBe(false)
    link.emit('transfers.changed', snapshot(2, [batch(7, 60)]))
    await expect(waiting).resolves.toMatchObject({ id: 7 })
  })

  it('asks again after the link was lost', async () => {
    // Lost before the first answer.
    const link = createFakeLink()
    const waiting = batchDone(createClient(link), 7)
    await settled()
    link.setUp(false)
    await settled()
    link.answers['transfers.batch'] = () => batch(7, 70)
    link.setUp(true)
    await expect(waiting).resolves.toMatchObject({ finishedAt: 70 })
  })

  it('rejects when the batch cannot be asked for', async () => {
    const link = createFakeLink({
      'transfers.batch': () => {
        // oxlint-disable-next-line typescript/only-throw-error -- errors cross the link as data
        throw { code: 'INTERNAL', message: 'x' }
      }
    })
    await expect(batchDone(createClient(link), 7)).rejects.toMatchObject({ code: 'INTERNAL' })
  })
})
