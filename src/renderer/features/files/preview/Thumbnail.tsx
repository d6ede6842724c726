import { useEffect, useState } from 'react'
import type { FileRow } from '../../../../shared/model.ts'
import { TypeCard } from '../TypeCard.tsx'
import { hasThumbnail, knownThumbnail, thumbnail } from './thumbnails.ts'

/** Scrolling past costs nothing: only what stays for a moment is fetched. */
const SETTLE_MS = 80

/** URL of a small picture of a file, or null while there is none (or will never be). */
export function useThumbnail(row: FileRow): string | null {
  const possible = hasThumbnail(row)
  const [made, setMade] = useState<{ fileId: string; url: string | null } | null>(null)
  const url = made !== null && made.fileId === row.fileId ? made.url : possible ? (knownThumbnail(row) ?? null) : null
  useEffect(() => {
    if (!possible || knownThumbnail(row) !== undefined) return
    const abort = new AbortController()
    const timer = window.setTimeout(() => {
      void thumbnail(row, abort.signal).then((found) => {
        if (!abort.signal.aborted) setMade({ fileId: row.fileId, url: found })
      })
    }, SETTLE_MS)
    return () => {
      window.clearTimeout(timer)
      abort.abort()
    }
    // oxlint-disable-next-line react/exhaustive-deps -- a row is a new object at each refresh; the file ID says what it shows
  }, [row.fileId, possible])
  return url
}

/** A small picture of a file, else a card of its type. Decoration: the name stands beside it. */
export function Thumbnail({ row, height }: { row: FileRow; height: number }) {
  const url = useThumbnail(row)
  if (url === null) return <TypeCard ext={row.ext} height={height} />
  return <img src={url} alt="" draggable={false} className="max-h-full max-w-full rounded-sm object-contain" />
}
