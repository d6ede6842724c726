import { readFile, stat } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.ts'
import type { ListColumn, ListEncoding, ListPreview, ListRow, ListRowState } from '../../../shared/import.ts'
import type { BulkWork, FileInput, KnownFile } from '../../library/types.ts'
import { localError } from '../local-errors.ts'
import { guessColumns } from './columns.ts'
import { decodeList } from './decode-list.ts'
import { mergeRows, readJsonLines, readRows, readText, type BadRow, type ListedFile } from './list-rows.ts'
import { readTable } from './read-table.ts'

/** Text or a file with IDs and links; how it is read, where that was not guessed right. */
export interface ListRequest {
  text?: string | undefined
  path?: string | undefined
  encoding?: ListEncoding | null | undefined
  /** null = guess. */
  heading?: boolean | null | undefined
  columns?: Pick<ListColumn, 'use' | 'key'>[] | null | undefined
}

const MAX_FILE_BYTES = 64 * 1_048_576
/** Rows of each state that are shown. */
const SHOWN = 200

interface Draft {
  profileId: string
  inputs: FileInput[]
  counts: Record<ListRowState, number>
}

/** Lists of files as people have them: what they would do to the library, and then doing it. */
export interface ImportLists {
  /** Reads, guesses, looks up; changes nothing. LIST_UNREADABLE, LOCAL_NOT_FOUND … */
  preview(profileId: string, request: ListRequest): Promise<ListPreview>
  /** The inputs of a preview; INPUT_INVALID when it is not the last one. */
  take(draft: number): Draft
}

export function createImportLists(bulk: BulkWork): ImportLists {
  let last = 0
  let kept: (Draft & { draft: number }) | null = null
  return {
    async preview(profileId, request) {
      const draft = ++last
      const { text, encoding } = await textOf(request)
      const objects = readJsonLines(text)
      const rows = objects === null ? await readTable(text) : []
      const guessed = guessColumns(rows)
      const table = guessed.table
      const heading = request.heading ?? guessed.heading
      const columns = table ? chosen(guessed.columns, request.columns ?? null) : []
      const read = objects ?? (table ? readRows(heading ? rows.slice(1) : rows, columns, heading ? 2 : 1) : readText(text))
      const { files, repeated } = mergeRows(read.files)
      const known = await bulk.known(
        profileId,
        files.map((file) => file.fileId)
      )
      const judged = files.map((file, index) => judge(file, known[index] ?? null))
      // A newer preview was asked for meanwhile: that one counts.
      if (draft === last) {
        const inputs = judged.flatMap(({ row, input }) => (row.state === 'same' ? [] : [input]))
        kept = { draft, profileId, inputs, counts: count(judged.map(({ row }) => row)) }
      }
      const shown = [...read.bad.map(badRow), ...judged.map(({ row }) => row)]
      return { draft, encoding, table, heading, columns, counts: { ...count(shown), repeated }, rows: some(shown) }
    },
    take(draft) {
      if (kept?.draft !== draft) throw new AppError('INPUT_INVALID', { detail: { field: 'draft' } })
      return kept
    }
  }
}

async function textOf({ text, path, encoding }: ListRequest): Promise<{ text: string; encoding: ListEncoding }> {
  if (path === undefined) return { text: text ?? '', encoding: 'utf-8' }
  let bytes: Buffer
  try {
    if ((await stat(path)).size > MAX_FILE_BYTES) throw new AppError('LIST_UNREADABLE', { detail: { path } })
    bytes = await readFile(path)
  } catch (error) {
    throw localError(error, path)
  }
  const decoded = decodeList(bytes, encoding ?? null)
  // A picture or a workbook is no list.
  if (decoded.text.slice(0, 10_000).includes('\0')) throw new AppError('LIST_UNREADABLE', { detail: { path } })
  return decoded
}

function chosen(guessed: readonly ListColumn[], wanted: readonly Pick<ListColumn, 'use' | 'key'>[] | null): ListColumn[] {
  return guessed.map((column, index) => ({ ...column, ...wanted?.[index] }))
}

/** What a row would do, and what is to be done for it. */
function judge(listed: ListedFile, known: KnownFile | null): { row: ListRow; input: FileInput } {
  // A name that is only the end of the ID is none.
  const file = listed.name !== null && listed.fileId.endsWith(`/${listed.name}`) ? { ...listed, name: null } : listed
  // What the servers said about metadata counts more than a list.
  const metadata = known?.described || Object.keys(file.metadata).length === 0 ? undefined : file.metadata
  const input: FileInput = {
    fileId: file.fileId,
    origin: 'paste',
    ...(file.name === null ? {} : { name: file.name }),
    ...(file.folder === null ? {} : { folder: file.folder }),
    ...(file.tags.length === 0 ? {} : { tags: file.tags }),
    ...(metadata === undefined ? {} : { metadata })
  }
  const adds =
    known !== null &&
    ((file.name !== null && file.name !== known.name) ||
      (file.folder !== null && file.folder !== known.folder) ||
      file.tags.some((tag) => !known.tags.includes(tag)) ||
      metadata !== undefined)
  const { line, fileId: text, name, folder, tags } = file
  const state: ListRowState = known === null ? 'new' : known.trashed ? 'trash' : adds ? 'merge' : 'same'
  return { row: { line, state, text, name, folder, tags, metadata: metadata ?? {}, error: null }, input }
}

const badRow = ({ line, text, error }: BadRow): ListRow => ({
  line,
  state: 'bad',
  text,
  name: null,
  folder: null,
  tags: [],
  metadata: {},
  error
})

function count(rows: readonly ListRow[]): Record<ListRowState, number> {
  const counts: Record<ListRowState, number> = { new: 0, trash: 0, merge: 0, same: 0, bad: 0 }
  for (const row of rows) counts[row.state] += 1
  return counts
}

/** The first rows of each state, in the order of the list. */
function some(rows: readonly ListRow[]): ListRow[] {
  const left: Record<ListRowState, number> = { new: SHOWN, trash: SHOWN, merge: SHOWN, same: SHOWN, bad: SHOWN }
  return rows.toSorted((a, b) => a.line - b.line).filter((row) => left[row.state]-- > 0)
}
