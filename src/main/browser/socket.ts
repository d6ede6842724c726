import type { WebSocket } from 'ws'
import type { EventEnvelope, EventName, ReplyEnvelope } from '../../shared/contract.ts'
import type { App } from '../app/create-app.ts'

/** Calls of one page that may be under way before its socket is read no further. */
const MAX_PENDING = 1_000
/** Unsent bytes above which events wait: only the newest of each name is kept. */
const MAX_BUFFERED = 4 * 1_048_576

/** Carries envelopes between one page and the application until the socket closes. */
export function serveSocket(socket: WebSocket, app: Pick<App, 'dispatch' | 'subscribe'>): void {
  let pending = 0
  const held = new Map<EventName, EventEnvelope>()

  const send = (message: ReplyEnvelope | EventEnvelope) => {
    if (socket.readyState !== socket.OPEN) return
    socket.send(JSON.stringify(message), () => {
      if (held.size === 0 || socket.bufferedAmount > MAX_BUFFERED) return
      const messages = [...held.values()]
      held.clear()
      for (const next of messages) send(next)
    })
  }
  const unsubscribe = app.subscribe((message) => {
    // Notices are told once each; everything else is a snapshot that the next one replaces.
    if (message.event !== 'notice' && socket.bufferedAmount > MAX_BUFFERED) held.set(message.event, message)
    else send(message)
  })

  socket.on('message', (data, isBinary) => {
    pending += 1
    if (pending >= MAX_PENDING) socket.pause()
    void app.dispatch(isBinary ? null : parse(data)).then((reply) => {
      pending -= 1
      if (socket.isPaused && pending < MAX_PENDING / 2) socket.resume()
      send(reply)
    })
  })
  // Errors (an oversized or malformed frame) end in `close`.
  socket.on('error', () => undefined)
  socket.on('close', unsubscribe)
}

function parse(data: WebSocket.RawData): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : '')
  } catch {
    return null
  }
}
