/** A pipe that can be lost and found again. Electron's never is; a WebSocket's is whenever the program behind it goes away. */
import type { CallEnvelope, EventEnvelope, Pipe, ReplyEnvelope } from '../../shared/contract.ts'

export interface Link extends Pipe {
  /** Tells the present state at once, then every change. */
  onLink(listener: (up: boolean) => void): () => void
}

/** The pipe of the preload: always up. */
export function linkOfPipe(pipe: Pipe): Link {
  return {
    send: (message) => pipe.send(message),
    onMessage: (listener) => pipe.onMessage(listener),
    onLink: (listener) => {
      listener(true)
      return () => undefined
    },
    ...(pipe.pathForFile ? { pathForFile: (file: unknown) => pipe.pathForFile?.(file) ?? '' } : {})
  }
}

/** What a WebSocket link needs from its surroundings. */
export interface SocketPort {
  open(): WebSocket
  setTimeout(run: () => void, ms: number): unknown
  random(): number
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000

/** Connects, and connects again with growing pauses (0.25 s to 5 s, jittered) whenever the socket is lost. */
export function createSocketLink(port: SocketPort): Link {
  const messages = new Set<(message: ReplyEnvelope | EventEnvelope) => void>()
  const states = new Set<(up: boolean) => void>()
  let socket: WebSocket | null = null
  let up = false
  let attempt = 0

  const setUp = (value: boolean): void => {
    if (up === value) return
    up = value
    for (const listener of states) listener(value)
  }
  const retry = (): void => {
    const pauseMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt) * (0.75 + port.random() / 2)
    attempt += 1
    port.setTimeout(connect, pauseMs)
  }
  const connect = (): void => {
    const current = port.open()
    socket = current
    current.addEventListener('open', () => {
      attempt = 0
      setUp(true)
    })
    current.addEventListener('message', (event: MessageEvent) => {
      const message = JSON.parse(String(event.data)) as ReplyEnvelope | EventEnvelope
      for (const listener of messages) listener(message)
    })
    // A failed connection fires `error` and then `close`: only the latter is needed.
    current.addEventListener('close', () => {
      if (socket !== current) return
      socket = null
      setUp(false)
      retry()
    })
  }
  connect()

  return {
    send: (message: CallEnvelope) => socket?.send(JSON.stringify(message)),
    onMessage: (listener) => {
      messages.add(listener)
      return () => messages.delete(listener)
    },
    onLink: (listener) => {
      states.add(listener)
      listener(up)
      return () => states.delete(listener)
    }
  }
}

declare global {
  interface Window {
    /** Set by the preload of the Electron host. */
    fdfs?: Pipe
  }
}

/** The link of the host this page runs in. */
export function openHostLink(): Link {
  if (window.fdfs) return linkOfPipe(window.fdfs)
  const url = new URL('/ws', window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return createSocketLink({
    open: () => new WebSocket(url),
    setTimeout: (run, ms) => window.setTimeout(run, ms),
    random: Math.random
  })
}
