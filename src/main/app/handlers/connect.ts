import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'

export function connectHandlers({ connectRequests }: Services) {
  return { 'connect.take': () => connectRequests.take() } satisfies HandlersOf<'connect'>
}
