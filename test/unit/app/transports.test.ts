/** One suite for everything that carries envelopes: what the page sends and receives is the same over each. */
import { describe, expect, it } from 'vitest'
import { createFakeApp } from '../../support/fake-app.ts'
import { TRANSPORTS, next, reply } from '../../support/transports.ts'

describe.each(TRANSPORTS)('envelopes over %s', (_, connect) => {
  it('carry a call and its answer, with every kind of character', async () => {
    const text = 'a"\\\n\u2028 图片 🎨 \u0000 <b>'
    const app = createFakeApp({
      'files.parse': (input) => [{ text: input.text, fileId: null, error: null, name: null, sizeBytes: null, kind: null }]
    })
    const page = await connect(app)
    const answered = reply(page, 1)
    page.send({ id: 1, name: 'files.parse', input: { text } })
    expect(await answered).toMatchObject({ ok: [{ text }] })
  })

  it('carry errors as data', async () => {
    const page = await connect(createFakeApp())
    const answered = Promise.all([reply(page, 1), reply(page, 2), reply(page, 3)])
    page.send({ id: 1, name: 'host.reveal', input: { path: '/a' } })
    page.send({ id: 2, name: 'host.reveal', input: {} })
    page.send({ id: 3, name: 'no.such', input: {} })
    const codes = (await answered).map((message) => ('error' in message ? message.error.code : null))
    expect(codes).toEqual(['HOST_CANNOT', 'CALL_INVALID', 'CALL_UNKNOWN'])
  })

  it('let a quick call overtake a slow one', async () => {
    let finish = () => undefined as void
    const slow = new Promise<void>((resolve) => {
      finish = resolve
    })
    const app = createFakeApp({ 'files.folders': () => slow.then(() => []), 'files.groups': () => [] })
    const page = await connect(app)
    const order: number[] = []
    page.onMessage((message) => 'id' in message && order.push(message.id))
    const both = Promise.all([reply(page, 1), reply(page, 2)])
    page.send({ id: 1, name: 'files.folders', input: {} })
    const quick = reply(page, 2)
    page.send({ id: 2, name: 'files.groups', input: {} })
    await quick
    finish()
    await both
    expect(order).toEqual([2, 1])
  })

  it('carry five megabytes each way', async () => {
    const app = createFakeApp({
      'files.parse': (input) => [{ text: input.text, fileId: null, error: null, name: null, sizeBytes: null, kind: null }]
    })
    const page = await connect(app)
    const answered = reply(page, 1)
    const text = 'x'.repeat(5_000_000)
    page.send({ id: 1, name: 'files.parse', input: { text } })
    expect(await answered).toEqual({ id: 1, ok: [expect.objectContaining({ text })] })
  })

  it('carry events to every page, in order, and no longer to one that left', async () => {
    const app = createFakeApp()
    const [first, second] = [await connect(app), await connect(app)]
    const seen: unknown[] = []
    first.onMessage((message) => 'event' in message && seen.push((message.data as { revision: number }).revision))
    const arrived = Promise.all(
      [first, second].map((page) => next(page, (message) => 'event' in message && (message.data as { revision: number }).revision === 3))
    )
    for (const revision of [1, 2, 3]) app.events.emit('library.changed', { revision, profileId: 'p' })
    await arrived
    expect(seen).toEqual([1, 2, 3])
    await first.leave()
    while (app.events.audience > 1) await new Promise((resolve) => setImmediate(resolve))
    const last = next(second, (message) => 'event' in message)
    app.events.emit('library.changed', { revision: 4, profileId: 'p' })
    await last
    expect(seen).toEqual([1, 2, 3])
  })
})
