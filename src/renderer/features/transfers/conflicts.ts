/** What the conflict dialog knows: the held downloads of one batch, what was found by comparing, and what was chosen. */
import type { Client } from '../../api/client.ts'
import type { ConflictChoice, ConflictComparison, ConflictView } from '../../../shared/model.ts'

/** Rows that are shown and may be chosen one by one; all others follow the choice for all. */
const MAX_ROWS = 1_000
const PAGE = 500
const COMPARED_AT_ONCE = 20

export interface Choices {
  /** For all that have none of their own. */
  all: ConflictChoice
  own: Readonly<Record<number, ConflictChoice>>
}

export function choiceOf(choices: Choices, transferId: number): ConflictChoice {
  return choices.own[transferId] ?? choices.all
}

/** A choice for all replaces those made for single rows. */
export function chooseAll(all: ConflictChoice): Choices {
  return { all, own: {} }
}

export function choose(choices: Choices, transferId: number, choice: ConflictChoice): Choices {
  const { [transferId]: _, ...rest } = choices.own
  return { ...choices, own: choice === choices.all ? rest : { ...rest, [transferId]: choice } }
}

/** What is there already needs no second copy. */
export function skipSame(choices: Choices, found: readonly ConflictComparison[]): Choices {
  return found.filter(({ same }) => same === true).reduce((next, { transferId }) => choose(next, transferId, 'skip'), choices)
}

export async function loadConflicts(api: Pick<Client, 'call'>, batchId: number): Promise<ConflictView[]> {
  const rows: ConflictView[] = []
  for (let after: number | null = -1; after !== null && rows.length < MAX_ROWS;) {
    const page: { rows: ConflictView[]; cursor: number | null } = await api.call('transfers.conflicts', {
      batchId,
      afterSeq: after,
      limit: PAGE
    })
    rows.push(...page.rows)
    after = page.cursor !== null && page.cursor > after ? page.cursor : null
  }
  return rows
}

/** Tells what it finds as it comes; `stopped` ends it between two answers. */
export async function compare(
  api: Pick<Client, 'call'>,
  rows: readonly ConflictView[],
  stopped: () => boolean,
  onFound: (found: ConflictComparison[]) => void
): Promise<void> {
  for (let at = 0; at < rows.length && !stopped(); at += COMPARED_AT_ONCE) {
    const transferIds = rows.slice(at, at + COMPARED_AT_ONCE).map((row) => row.transferId)
    const found = await api.call('transfers.compare', { transferIds })
    if (!stopped()) onFound(found)
  }
}

/** '0x' is left out: as the server's tools print it. */
export function crcText(crc32: number): string {
  return crc32.toString(16).padStart(8, '0')
}
