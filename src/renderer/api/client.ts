/** Typed calls and events over a link. */
import type { CallInput, CallName, CallOutput, EventName, Events, ReplyEnvelope, EventEnvelope } from '../../shared/contract.ts'
import { AppError, fromErrorData } from '../../shared/errors.ts'
import type { Link } from './link.ts'

/** connecting: never was up. lost: was up, is being opened again. */
export type LinkState = 'connecting' | 'up' | 'lost'

export interface Client {
  /** Rejects with an AppError: the server's, or LINK_LOST when the link goes away before the answer. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  /** Events with a revision arrive in order: one that is not newer than the last of its name is dropped. */
  on<E extends EventName>(event: E, listener: (data: Events[E]) => void): () => void
  /** Runs after the link came back: whatever was fetched before may be stale. */
  onReconnect(listener: () => void): () => void
  onLinkState(listener: (state: LinkState) => void): () => void
  linkState(): LinkState
  /** Electron only: the path of a dropped File. */
  pathForFile: ((file: File) => string) | null
}

interface Pending {
  resolve(value: unknown): void
  reject(error: AppError): void
}

export function createClient(link: Link): Client {
  let nextId = 1
  let state: LinkState = 'connecting'
  const pending = new Map<number, Pending>()
  /** Calls made before the link was up for the first time. */
  const queue: (() => void)[] = []
  const listeners = new Map<EventName, Set<(data: never) => void>>()
  const revisions = new Map<EventName, number>()
  const reconnected = new Set<() => void>()
  const stateListeners = new Set<(state: LinkState) => void>()

  const setState = (value: LinkState): void => {
    state = value
    for (const listener of stateListeners) listener(value)
  }
  const emit = (message: EventEnvelope): void => {
    const revision = (message.data as { revision?: unknown }).revision
    if (typeof revision === 'number') {
      if (revision <= (revisions.get(message.event) ?? -1)) return
      revisions.set(message.event, revision)
    }
    for (const listener of listeners.get(message.event) ?? []) listener(message.data as never)
  }
  const settle = (message: ReplyEnvelope): void => {
    const waiting = pending.get(message.id)
    if (!waiting) return
    pending.delete(message.id)
    if ('error' in message) waiting.reject(fromErrorData(message.error))
    else waiting.resolve(message.ok)
  }

  link.onMessage((message) => ('event' in message ? emit(message) : settle(message)))
  link.onLink((up) => {
    if (up) {
      const again = state === 'lost'
      setState('up')
      for (const send of queue.splice(0)) send()
      if (again) for (const listener of reconnected) listener()
      return
    }
    if (state !== 'up') return
    // The program may have started anew, and its revisions with it.
    revisions.clear()
    const lost = [...pending.values()]
    pending.clear()
    setState('lost')
    for (const call of lost) call.reject(new AppError('LINK_LOST'))
  })

  return {
    call: <N extends CallName>(name: N, input: CallInput<N>) =>
      new Promise<CallOutput<N>>((resolve, reject) => {
        if (state === 'lost') return reject(new AppError('LINK_LOST'))
        const send = (): void => {
          const id = nextId++
          pending.set(id, { resolve: resolve as (value: unknown) => void, reject })
          link.send({ id, name, input })
        }
        if (state === 'connecting') queue.push(send)
        else send()
      }),
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set)
      set.add(listener as (data: never) => void)
      return () => set.delete(listener as (data: never) => void)
    },
    onReconnect: (listener) => {
      reconnected.add(listener)
      return () => reconnected.delete(listener)
    },
    onLinkState: (listener) => {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    linkState: () => state,
    pathForFile: link.pathForFile ? (file) => link.pathForFile?.(file) ?? '' : null
  }
}

let installed: Client | null = null

/** Makes a client the one that `call` and `on` use; the page does it once at start, tests once per case. */
export function installClient(client: Client): void {
  installed = client
}

export function client(): Client {
  if (!installed) throw new AppError('INTERNAL', { message: 'INTERNAL: no client is installed' })
  return installed
}

export function call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  return client().call(name, input)
}

export function on<E extends EventName>(event: E, listener: (data: Events[E]) => void): () => void {
  return client().on(event, listener)
}
