import type { ConnectRequest } from '../../shared/contract.ts'
import { parseConnectLink } from '../../shared/connect-link.ts'
import { toAppError } from '../../shared/errors.ts'

/** Connect links that came from outside and that no page has shown yet. */
export interface ConnectRequests {
  /** Checks the link; a page is asked to show it, also one that opens later. Stores nothing. Never throws. */
  open(link: string): void
  /** The last one, for the page that shows it now; null when there is none, or another page has it. */
  take(): ConnectRequest | null
}

/** `asked` is called when there is something to take. Only the last link counts: a page that sends many shows one dialog. */
export function createConnectRequests(asked: () => void): ConnectRequests {
  let pending: ConnectRequest | null = null
  return {
    open(link) {
      try {
        pending = { tag: 'proposal', proposal: parseConnectLink(link) }
      } catch (error) {
        pending = { tag: 'invalid', error: toAppError(error).toData() }
      }
      asked()
    },
    take() {
      const taken = pending
      pending = null
      return taken
    }
  }
}
