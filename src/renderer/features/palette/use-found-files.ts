import { useEffect, useState } from 'react'
import type { FileRow } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'

const DELAY_MS = 120
const MOST = 8
const SORT = { key: 'name', descending: false } as const

/** Files whose name, folder, metadata, file ID or link holds what is typed; the first few. */
export function useFoundFiles(text: string): FileRow[] {
  const wanted = text.trim().slice(0, 512)
  const [found, setFound] = useState<{ text: string; rows: FileRow[] }>({ text: '', rows: [] })
  useEffect(() => {
    if (wanted === '') return
    let current = true
    const timer = window.setTimeout(() => {
      call('files.open', { query: { text: wanted }, sort: SORT, first: MOST }).then(
        ({ view, rows }) => {
          if (current) setFound({ text: wanted, rows: rows.slice(0, MOST) })
          call('files.close', { view }).catch(() => undefined)
        },
        // The library says better what is wrong with it.
        () => undefined
      )
    }, DELAY_MS)
    return () => {
      current = false
      window.clearTimeout(timer)
    }
  }, [wanted])
  return wanted === '' ? [] : found.rows
}
