import { Readable } from 'node:stream'
import Papa from 'papaparse'

/** Characters that are parsed at once: others get their turn in between. */
const PIECE = 32_768

/** Rows of a table with commas, semicolons or tabs, quoted where needed. Rows without any text are left out. */
export async function readTable(text: string): Promise<string[][]> {
  const delimiter = delimiterOf(text)
  const rows: string[][] = []
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(Readable.from(pieces(text)), {
      delimiter,
      skipEmptyLines: 'greedy',
      chunk: ({ data }) => void rows.push(...data),
      complete: () => resolve(),
      error: reject
    })
  })
  return rows
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE)
}

/** What stands most often, outside of quotes, in the first lines. */
function delimiterOf(text: string): string {
  const head = text.slice(0, 20_000).replaceAll(/"(?:[^"]|"")*"/g, '')
  const count = (mark: string): number => head.split(mark).length
  return ['\t', ';', ','].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',')
}
