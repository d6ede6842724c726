import { useCallback, useEffect, useState } from 'react'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileRow, Metadata } from '../../../shared/model.ts'
import { call, client } from '../../api/client.ts'

/** Up to this many files are asked without being told to. */
const ASKED_BY_ITSELF = 20
/** While the selection moves, nobody is asked. */
const CALM_MS = 300

export interface ServerMetadata {
  /** What is known of each file, in the order of the rows; null = never read. */
  values: (Metadata | null)[]
  reading: boolean
  /** When the oldest of them was read, Unix ms; null = not (all) read. */
  readAt: number | null
  /** The first that failed. */
  error: ErrorData | null
  read(): void
}

interface Answer {
  /** The files that were asked. */
  key: string
  values: ReadonlyMap<number, Metadata>
  readAt: number
  error: ErrorData | null
}

/** Metadata as the servers have it now, else as they had it when they were last asked. */
export function useServerMetadata(rows: readonly FileRow[]): ServerMetadata {
  const key = rows.map((row) => row.id).join()
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [asked, setAsked] = useState<string | null>(null)

  const read = useCallback(() => {
    if (key === '') return
    setAsked(key)
    const done = (values: ReadonlyMap<number, Metadata>, error: ErrorData | null): void => {
      setAsked((now) => (now === key ? null : now))
      setAnswer({ key, values, readAt: Date.now(), error })
    }
    call('files.metadata', { ids: key.split(',').map(Number) }).then(
      (found) =>
        done(
          new Map(found.flatMap(({ id, metadata }) => (metadata === null ? [] : [[id, metadata] as const]))),
          found.find((each) => each.error !== null)?.error ?? null
        ),
      (thrown: unknown) => done(new Map(), toAppError(thrown).toData())
    )
  }, [key])
  const few = rows.length <= ASKED_BY_ITSELF
  useEffect(() => {
    if (!few) return
    const timer = window.setTimeout(read, CALM_MS)
    const stop = client().onReconnect(read)
    return () => {
      window.clearTimeout(timer)
      stop()
    }
  }, [few, read])

  const fresh = answer?.key === key ? answer : null
  const times = rows.map((row) => (fresh?.values.has(row.id) === true ? fresh.readAt : row.metadataReadAt))
  return {
    values: rows.map((row) => newer(fresh, row)),
    reading: asked === key,
    readAt: times.length === 0 || times.includes(null) ? null : Math.min(...(times as number[])),
    error: fresh?.error ?? null,
    read
  }
}

/** The library may have heard of a change after this pane asked. */
function newer(fresh: Answer | null, row: FileRow): Metadata | null {
  const value = fresh?.values.get(row.id)
  if (fresh === null || value === undefined) return row.metadata
  return row.metadataReadAt !== null && row.metadataReadAt > fresh.readAt ? row.metadata : value
}
