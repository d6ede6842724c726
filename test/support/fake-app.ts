import { createDispatch } from '../../src/main/app/dispatch.ts'
import type { Handlers } from '../../src/main/app/dispatch.ts'
import { createEventHub } from '../../src/main/app/events.ts'
import type { EventHub } from '../../src/main/app/events.ts'
import type { OpenPreview } from '../../src/main/app/preview.ts'
import { calls } from '../../src/shared/contract.ts'
import { AppError } from '../../src/shared/errors.ts'

/**
 * The border of the application without what is behind it: the real dispatch and events, handlers by the test. A call without a
 * handler answers HOST_CANNOT. For tests of transports; what the application does is tested with the real one.
 */
export function createFakeApp(handlers: Partial<Handlers> = {}, preview: OpenPreview = () => Promise.resolve(null)) {
  const none = Object.fromEntries(
    Object.keys(calls).map((name) => [name, () => Promise.reject(new AppError('HOST_CANNOT', { detail: { call: name } }))])
  ) as unknown as Handlers
  const events: EventHub = createEventHub((error) => {
    throw error
  })
  return {
    dispatch: createDispatch({ ...none, ...handlers }, () => undefined),
    subscribe: (listener: Parameters<EventHub['subscribe']>[0]) => events.subscribe(listener),
    events,
    preview
  }
}
