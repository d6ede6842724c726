import { useEffect, useState } from 'react'
import type { IntakeLook } from '../../../../shared/contract.ts'
import { hasSmallPicture } from '../../../../shared/preview.ts'
import type { Dropped } from '../../../api/dropped-files.ts'
import { call } from '../../../api/client.ts'
import type { SpoolFile } from '../../../api/spool.ts'
import type { CrcAnswer, CrcRequest } from './crc-worker.ts'

/** Reading more than this for a line of text would be rude; the upload itself looks at everything. */
const MAX_READ_BYTES = 512 * 1_048_576
const AT_ONCE = 2_000
const MAX_NAMES = 5

const extOf = (name: string): string => (name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '')

function countOf(files: readonly SpoolFile[]): IntakeLook {
  return {
    files: files.length,
    bytes: files.reduce((sum, { file }) => sum + file.size, 0),
    unread: 0,
    pictures: files.filter(({ file }) => hasSmallPicture(extOf(file.name))).length,
    duplicates: 0,
    duplicateNames: [],
    complete: true
  }
}

/** Files of the page whose content the library has: those with a size that it has are read. */
async function findDuplicates(files: readonly SpoolFile[], signal: AbortSignal): Promise<Partial<IntakeLook>> {
  const candidates: File[] = []
  for (let at = 0; at < files.length && !signal.aborted; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE)
    const same = await call('intake.known', { files: some.map(({ file }) => ({ sizeBytes: file.size, crc32: null })) })
    candidates.push(...some.filter((_, index) => same[index] === true).map(({ file }) => file))
  }
  if (candidates.length === 0 || signal.aborted) return {}
  const worker = new Worker(new URL('./crc-worker.ts', import.meta.url), { type: 'module' })
  signal.addEventListener('abort', () => worker.terminate(), { once: true })
  const crcOf = (file: File, id: number): Promise<number | null> =>
    new Promise((resolve) => {
      const answer = ({ data }: MessageEvent<CrcAnswer>): void => {
        if (data.id !== id) return
        worker.removeEventListener('message', answer)
        resolve(data.crc)
      }
      worker.addEventListener('message', answer)
      worker.postMessage({ id, file } satisfies CrcRequest)
    })
  let budget = MAX_READ_BYTES
  let complete = true
  const found: File[] = []
  for (const [id, file] of candidates.entries()) {
    if (file.size > budget) {
      complete = false
      continue
    }
    budget -= file.size
    const crc32 = await crcOf(file, id)
    const [known] = crc32 === null ? [] : await call('intake.known', { files: [{ sizeBytes: file.size, crc32 }] })
    if (known === true) found.push(file)
  }
  worker.terminate()
  return { duplicates: found.length, duplicateNames: found.slice(0, MAX_NAMES).map(({ name }) => name), complete }
}

/** What a drop amounts to: at once as far as the page knows, then with what the library and the disk know. */
export function useUploadLook(dropped: Dropped | null): { look: IntakeLook | null; looking: boolean } {
  const [found, setFound] = useState<{ of: Dropped; look: Partial<IntakeLook> } | null>(null)
  useEffect(() => {
    if (dropped === null) return
    const abort = new AbortController()
    const tell = (look: Partial<IntakeLook>): void => {
      if (!abort.signal.aborted) setFound({ of: dropped, look })
    }
    const looked =
      dropped.kind === 'files'
        ? findDuplicates(dropped.files, abort.signal)
        : dropped.paths.length === 0
          ? Promise.resolve({})
          : call('intake.look', { paths: dropped.paths })
    // Nobody needs it to go on: the upload says better what is wrong.
    looked.then(tell, () => tell({}))
    return () => abort.abort()
  }, [dropped])
  const known = found !== null && found.of === dropped ? found.look : null
  if (dropped === null) return { look: null, looking: true }
  if (dropped.kind === 'files') return { look: { ...countOf(dropped.files), ...known }, looking: known === null }
  return { look: known !== null && known.files !== undefined ? (known as IntakeLook) : null, looking: known === null }
}
