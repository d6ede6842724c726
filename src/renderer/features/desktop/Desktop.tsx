import { useEffect, useRef } from 'react'
import type { HostWish } from '../../../shared/contract.ts'
import { client } from '../../api/client.ts'
import { navigate } from '../../app/navigation.ts'
import { openOverlay } from '../../app/overlays.ts'
import { toastError } from '../../components/index.ts'
import { openDialog } from '../files/dialogs.ts'
import { useShowInLibrary } from '../files/index.ts'
import { offerUpload } from '../files/intake.ts'
import { useActions } from '../palette/use-actions.ts'
import { openConnectLink } from './connect-link.ts'
import { followWishes } from './wishes.ts'

/** Does what the desktop around the window asks for. Shows nothing; native windows only. */
export function Desktop() {
  const actions = useActions()
  const showInLibrary = useShowInLibrary()
  const grant = (wish: HostWish): void => {
    if (wish.tag === 'command') {
      if (wish.command === 'palette' || wish.command === 'shortcuts') openOverlay(wish.command)
      // What cannot be done now (uploading through a read-only connection) is not among them.
      else actions.find(({ id }) => id === wish.command)?.run()
    } else if (wish.tag === 'upload') {
      navigate('files')
      offerUpload(Promise.resolve({ kind: 'paths', paths: wish.paths })).catch(toastError)
    } else if (wish.tag === 'file') {
      navigate('files')
      openDialog({ type: 'paste', text: wish.fileId })
    } else if (wish.tag === 'batch') showInLibrary({ batchId: wish.batchId })
    else openConnectLink(wish.link)
  }
  const latest = useRef(grant)
  useEffect(() => {
    latest.current = grant
  })
  useEffect(() => followWishes(client(), (wish) => latest.current(wish)), [])
  return null
}
