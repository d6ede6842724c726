import { useEffect, useState } from 'react'
import type { TrashRow } from '../../../shared/model.ts'
import { client } from '../../api/client.ts'

const AT_ONCE = 500

/** Rows of the trash by their place in `ids`, asked for when they come into view. */
export function useTrashRows(ids: readonly number[], first: number, last: number): (index: number) => TrashRow | undefined {
  const [known, setKnown] = useState<{ ids: readonly number[]; rows: ReadonlyMap<number, TrashRow> }>({ ids, rows: new Map() })
  const rows = known.ids === ids ? known.rows : new Map<number, TrashRow>()
  const missing = ids.slice(Math.max(0, first), last + 1).filter((id) => !rows.has(id))
  const wanted = missing.join(' ')
  useEffect(() => {
    if (wanted === '') return
    let current = true
    client()
      .call('trash.rows', { ids: wanted.split(' ').map(Number).slice(0, AT_ONCE) })
      .then(
        (found) => {
          if (!current) return
          setKnown((now) => ({ ids, rows: new Map([...(now.ids === ids ? now.rows : []), ...found.map((row) => [row.id, row] as const)]) }))
        },
        // The rows stay empty until the next look.
        () => undefined
      )
    return () => {
      current = false
    }
  }, [ids, wanted])
  // After a change the rows of before stand in until the new ones are there.
  return (index) => rows.get(ids[index] ?? -1) ?? known.rows.get(ids[index] ?? -1)
}
