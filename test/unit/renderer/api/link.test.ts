import { describe, expect, it } from 'vitest'
import { createSocketLink } from '../../../../src/renderer/api/link.ts'

/** As much of a WebSocket as the link uses. */
class FakeSocket extends EventTarget {
  sent: string[] = []
  send(text: string): void {
    this.sent.push(text)
  }
}

function setup() {
  const sockets: FakeSocket[] = []
  const timers: { run: () => void; ms: number }[] = []
  const link = createSocketLink({
    open: () => {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    setTimeout: (run, ms) => timers.push({ run, ms }),
    random: () => 0.5
  })
  const last = (): FakeSocket => sockets.at(-1) as FakeSocket
  return { link, sockets, timers, last }
}

describe('the socket link', () => {
  it('is up when the socket opens and down when it closes', () => {
    const { link, last } = setup()
    const states: boolean[] = []
    link.onLink((up) => states.push(up))
    last().dispatchEvent(new Event('open'))
    last().dispatchEvent(new Event('close'))
    expect(states).toEqual([false, true, false])
  })

  it('waits longer after every failure, up to five seconds, and starts over after a success', () => {
    const { sockets, timers, last } = setup()
    for (let failure = 0; failure < 7; failure += 1) {
      last().dispatchEvent(new Event('close'))
      timers.at(-1)?.run()
    }
    expect(timers.map((timer) => timer.ms)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
    expect(sockets).toHaveLength(8)
    last().dispatchEvent(new Event('open'))
    last().dispatchEvent(new Event('close'))
    expect(timers.at(-1)?.ms).toBe(250)
  })

  it('sends on the newest socket and ignores the end of an older one', () => {
    const { link, sockets, timers, last } = setup()
    last().dispatchEvent(new Event('close'))
    timers.at(-1)?.run()
    last().dispatchEvent(new Event('open'))
    sockets[0]?.dispatchEvent(new Event('close'))
    link.send({ id: 7, name: 'files.groups', input: {} })
    expect(sockets).toHaveLength(2)
    expect(last().sent).toEqual(['{"id":7,"name":"files.groups","input":{}}'])
  })

  it('hands on what arrives', () => {
    const { link, last } = setup()
    const seen: unknown[] = []
    link.onMessage((message) => seen.push(message))
    last().dispatchEvent(new MessageEvent('message', { data: '{"id":1,"ok":[]}' }))
    expect(seen).toEqual([{ id: 1, ok: [] }])
  })
})
