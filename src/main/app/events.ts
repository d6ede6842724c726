import type { EventEnvelope, EventName, Events } from '../../shared/contract.ts'

export type EventListener = (message: EventEnvelope) => void

/** Fan-out of events to the hosts' subscribers. */
export interface EventHub {
  emit<N extends EventName>(event: N, data: Events[N]): void
  subscribe(listener: EventListener): () => void
  /** Called with the number of subscribers whenever it changes. */
  onAudience(listener: (count: number) => void): void
  readonly audience: number
}

/** `report` hears of a listener that throws; the others still get the event. */
export function createEventHub(report: (error: unknown) => void): EventHub {
  const listeners = new Set<EventListener>()
  const watchers = new Set<(count: number) => void>()
  const changed = () => {
    for (const watcher of watchers) watcher(listeners.size)
  }
  return {
    get audience() {
      return listeners.size
    },
    emit(event, data) {
      for (const listener of listeners) {
        try {
          listener({ event, data })
        } catch (error) {
          report(error)
        }
      }
    },
    subscribe(listener) {
      // A function subscribed twice is two subscriptions.
      const own: EventListener = (message) => listener(message)
      listeners.add(own)
      changed()
      return () => {
        if (listeners.delete(own)) changed()
      }
    },
    onAudience(listener) {
      watchers.add(listener)
    }
  }
}
