import { useEffect, useState } from 'react'
import type { LinkText } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileSelection } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { linkRequest } from './options.ts'
import type { LinkChoice } from './options.ts'

const PREVIEW_LINKS = 5
const TYPING_MS = 150

export type Preview = { tag: 'none' } | { tag: 'links'; links: LinkText } | { tag: 'error'; error: ErrorData }

/** The first links as they would be copied. `turn` asks again for the same choice. */
export function usePreview(selection: FileSelection, choice: LinkChoice, turn: number, limit = PREVIEW_LINKS): Preview {
  const [preview, setPreview] = useState<Preview>({ tag: 'none' })
  useEffect(() => {
    let current = true
    const timer = window.setTimeout(() => {
      call('files.links', { selection, ...linkRequest(choice), limit }).then(
        (links) => current && setPreview({ tag: 'links', links }),
        (thrown: unknown) => current && setPreview({ tag: 'error', error: toAppError(thrown).toData() })
      )
    }, TYPING_MS)
    return () => {
      current = false
      window.clearTimeout(timer)
    }
  }, [selection, choice, turn, limit])
  return preview
}
