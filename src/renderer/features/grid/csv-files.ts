/** CSV files of the grid: saved by the program or by the page, chosen by the page's own dialog. */
import i18next from 'i18next'
import { call } from '../../api/client.ts'
import { toast, toastError } from '../../components/index.ts'
import { saveText } from '../../app/text-files.ts'
import type { CsvProblem } from './csv.ts'
import { decodeText, fromCsv, toCsv } from './csv.ts'
import { openGridDialog } from './dialogs.ts'
import { withCells, withKey } from './model.ts'
import { change, useGrid } from './session.ts'

const MAX_BYTES = 200_000_000

export function exportCsv(bom: boolean, saved: string): void {
  const { grid } = useGrid.getState()
  const name = `metadata-${new Date().toISOString().slice(0, 10)}.csv`
  call('grid.save', { name, text: toCsv(grid, bom) })
    .then((result) => {
      if (result.tag === 'text') saveText(result.name, result.text)
      if (result.tag !== 'cancelled') toast({ kind: 'success', title: saved, ...(result.tag === 'saved' ? { text: result.path } : {}) })
    })
    .catch(toastError)
}

/** Reads a CSV file into the grid; what it changes is shown before anything is written. */
export function importCsv(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.csv,.txt,text/csv'
  input.hidden = true
  const done = (): void => {
    const [file] = input.files ?? []
    input.remove()
    if (file !== undefined) read(file).catch(toastError)
  }
  input.addEventListener('change', done)
  input.addEventListener('cancel', done)
  document.body.append(input)
  input.click()
}

async function read(file: File): Promise<void> {
  if (file.size > MAX_BYTES) return refuse(i18next.t('grid:csv.tooBig', { name: file.name }))
  const { text } = decodeText(new Uint8Array(await file.arrayBuffer()))
  const result = fromCsv(useGrid.getState().grid, text)
  if (!result.ok) return refuse(problemText(result.problem))
  const { changes, newKeys, matched, unknown } = result.value
  const before = useGrid.getState().grid
  change((grid) =>
    withCells(
      newKeys.reduce((next, key) => withKey(next, key), grid),
      changes
    )
  )
  const changed = useGrid.getState().grid.edits !== before.edits && useGrid.getState().grid.edits.size > 0
  const line = unknown[0]
  toast({
    kind: unknown.length > 0 ? 'error' : 'info',
    key: 'csv',
    title: i18next.t('grid:csv.read', { count: matched, number: String(matched) }),
    ...(line === undefined
      ? {}
      : { text: i18next.t('grid:csv.unknown', { count: unknown.length, number: String(unknown.length), line: line.line, id: line.text }) })
  })
  if (changed) openGridDialog({ type: 'review' })
}

function problemText(problem: CsvProblem): string {
  if (problem.code === 'noIdColumn') return i18next.t('grid:csv.noIdColumn', { columns: problem.columns.join(', ').slice(0, 300) })
  if (problem.code === 'twice') return i18next.t('grid:csv.twice', { column: problem.column })
  return i18next.t('grid:csv.emptyFile')
}

function refuse(text: string): void {
  toast({ kind: 'error', key: 'csv', title: i18next.t('grid:csv.refused'), text })
}
