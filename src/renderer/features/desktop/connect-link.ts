import { parseConnectLink } from '../../../shared/connect-link.ts'
import { requestConnection } from '../../app/connection-request.ts'
import { toastError } from '../../components/index.ts'

/** Shows what a link proposes, and stores nothing of it; a link that is not wholly understood is told and leads nowhere. */
export function openConnectLink(link: string): void {
  try {
    requestConnection(parseConnectLink(link))
  } catch (error) {
    toastError(error)
  }
}
