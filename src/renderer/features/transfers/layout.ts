/** Rows of the transfers list without making them: a hundred thousand members are a number until they are seen. */

export type Row =
  | { type: 'batch'; batchId: number; position: number }
  | { type: 'member'; batchId: number; index: number }
  /** More members are being fetched, or could not be. */
  | { type: 'more'; batchId: number }
  | { type: 'none'; batchId: number }

export interface Part {
  batchId: number
  /** null = closed. */
  members: { loaded: number; end: boolean } | null
}

export interface Layout {
  count: number
  /** Throws RangeError beyond the count. */
  at(row: number): Row
  /** Number of the batch's own row; -1 when it is not shown. */
  rowOf(batchId: number): number
}

export function layOut(parts: readonly Part[]): Layout {
  const starts: number[] = []
  let count = 0
  for (const part of parts) {
    starts.push(count)
    count += 1 + below(part)
  }
  return {
    count,
    at(row) {
      if (row < 0 || row >= count) throw new RangeError(`no row ${row}`)
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] as number) <= row) low = middle
        else high = middle - 1
      }
      const { batchId, members } = parts[low] as Part
      const index = row - (starts[low] as number) - 1
      if (index < 0) return { type: 'batch', batchId, position: low }
      if (members !== null && index < members.loaded) return { type: 'member', batchId, index }
      return members?.end === true ? { type: 'none', batchId } : { type: 'more', batchId }
    },
    rowOf(batchId) {
      const index = parts.findIndex((part) => part.batchId === batchId)
      return index < 0 ? -1 : (starts[index] as number)
    }
  }
}

function below({ members }: Part): number {
  if (members === null) return 0
  if (!members.end) return members.loaded + 1
  return Math.max(1, members.loaded)
}
