import { parseConnectLink } from '../../../shared/connect-link.ts'
import { requestConnection } from '../../app/connection-request.ts'
import { toastError } from '../../components/index.ts'

/** Shows the form of a new connection; a link that is not wholly understood is told and leads nowhere. */
export function openConnectLink(link: string): void {
  try {
    parseConnectLink(link)
    requestConnection('new')
  } catch (error) {
    toastError(error)
  }
}
