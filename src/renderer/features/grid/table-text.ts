/** Blocks of cells as spreadsheets put them on the clipboard: tab-separated lines, with quotes around what holds tabs or line feeds. */

/** Excel, Numbers and WPS end the last line, too; a cell with line feeds is quoted, its quotes doubled. */
export function parseTable(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  const normal = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(/\n$/, '')
  if (normal === '') return [['']]
  for (;;) {
    const quoted = normal[at] === '"' ? quotedCell(normal, at) : null
    const end = quoted?.end ?? nextBreak(normal, at)
    row.push(quoted?.value ?? normal.slice(at, end))
    const separator = normal[end]
    at = end + 1
    if (separator === '\t') continue
    rows.push(row)
    row = []
    if (separator === undefined) return rows
  }
}

/** null: the quote is part of the text, not around it. */
function quotedCell(text: string, start: number): { value: string; end: number } | null {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') continue
    if (text[at + 1] === '"') {
      at += 1
      continue
    }
    const next = text[at + 1]
    if (next !== undefined && next !== '\t' && next !== '\n') return null
    const inner = text.slice(start + 1, at)
    // A text that merely begins and ends with quotes is put on the clipboard as it is.
    return /[\t\n"]/.test(inner) ? { value: inner.replaceAll('""', '"'), end: at + 1 } : null
  }
  return null
}

function nextBreak(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === '\t' || text[at] === '\n') return at
  return text.length
}

export function formatTable(block: readonly (readonly (string | null)[])[]): string {
  const cell = (value: string | null): string => {
    const text = value ?? ''
    return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return block.map((row) => row.map(cell).join('\t')).join('\n')
}
