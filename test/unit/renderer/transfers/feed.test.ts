import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../../../../src/renderer/api/client.ts'
import { startTransfers } from '../../../../src/renderer/features/transfers/feed.ts'
import { EMPTY, useTransfers } from '../../../../src/renderer/features/transfers/store.ts'
import { createFakeLink, settled } from '../../../support/fake-link.ts'
import { batch, snapshot } from './samples.ts'

const manual = () => {
  const waiting = new Set<() => void>()
  return {
    port: {
      now: () => 0,
      setTimeout: (run: () => void) => {
        waiting.add(run)
        return run
      },
      clearTimeout: (timer: unknown) => waiting.delete(timer as () => void)
    },
    tick: () => {
      const due = [...waiting]
      waiting.clear()
      for (const run of due) run()
    },
    waiting
  }
}

let stop = (): void => undefined
beforeEach(() => useTransfers.setState(EMPTY, true))
afterEach(() => stop())

describe('the feed of transfers', () => {
  it('shows the first snapshot at once and of a quick series only the last of each interval', async () => {
    const link = createFakeLink({ 'transfers.snapshot': () => snapshot(1) })
    const { port, tick } = manual()
    stop = startTransfers(createClient(link), port)
    await settled()
    expect(useTransfers.getState().revision).toBe(1)
    let painted = 0
    const unsubscribe = useTransfers.subscribe(() => (painted += 1))
    for (let revision = 2; revision <= 40; revision++)
      link.emit('transfers.changed', snapshot(revision, [batch(1, { doneBytes: revision })]))
    expect(painted).toBe(0)
    tick()
    expect(painted).toBe(1)
    expect(useTransfers.getState().batches[1]?.doneBytes).toBe(40)
    unsubscribe()
  })

  it('paints at once again after a quiet interval', async () => {
    const link = createFakeLink({ 'transfers.snapshot': () => snapshot(1) })
    const { port, tick, waiting } = manual()
    stop = startTransfers(createClient(link), port)
    await settled()
    tick()
    expect(waiting.size).toBe(0)
    link.emit('transfers.changed', snapshot(2))
    expect(useTransfers.getState().revision).toBe(2)
  })

  it('does not let a late first answer replace a newer event', async () => {
    let answer: (first: ReturnType<typeof snapshot>) => void = () => undefined
    const link = createFakeLink({ 'transfers.snapshot': () => new Promise((resolve) => (answer = resolve)) })
    const { port, tick } = manual()
    stop = startTransfers(createClient(link), port)
    await settled()
    link.emit('transfers.changed', snapshot(7))
    link.emit('transfers.changed', snapshot(9, [batch(1)]))
    answer(snapshot(8))
    await settled()
    tick()
    expect(useTransfers.getState().order).toEqual([1])
  })

  it('keeps what it shows while the link is lost, and takes the lower revisions of a program that began anew', async () => {
    const link = createFakeLink({ 'transfers.snapshot': () => snapshot(500, [batch(1)]) })
    const { port, tick } = manual()
    stop = startTransfers(createClient(link), port)
    await settled()
    tick()
    link.setUp(false)
    expect(useTransfers.getState().order).toEqual([1])
    link.answers['transfers.snapshot'] = () => snapshot(1, [batch(2)])
    link.setUp(true)
    await settled()
    expect(useTransfers.getState().order).toEqual([2])
    tick()
    link.emit('transfers.changed', snapshot(2, [batch(3)]))
    expect(useTransfers.getState().order).toEqual([3])
  })

  it('tells why there is nothing to show when the first snapshot cannot be had', async () => {
    const link = createFakeLink({
      'transfers.snapshot': () => {
        // oxlint-disable-next-line typescript/only-throw-error -- errors cross the link as data
        throw { code: 'LIBRARY_LOCKED', message: 'locked' }
      }
    })
    stop = startTransfers(createClient(link), manual().port)
    await settled()
    expect(useTransfers.getState().error?.code).toBe('LIBRARY_LOCKED')
    link.emit('transfers.changed', snapshot(1))
    expect(useTransfers.getState().error).toBeNull()
  })

  it('leaves no timer and no listener behind', async () => {
    const link = createFakeLink({ 'transfers.snapshot': () => snapshot(1) })
    const { port, waiting } = manual()
    startTransfers(createClient(link), port)()
    await settled()
    link.emit('transfers.changed', snapshot(7))
    expect(waiting.size).toBe(0)
    expect(useTransfers.getState().revision).not.toBe(7)
  })
})
