import { extractFileIds } from '../../../shared/file-id-text.ts'
import type { ColumnUse, ListColumn } from '../../../shared/import.ts'
import { tryMetadata } from './list-rows.ts'

const SAMPLED_ROWS = 50
const SAMPLES = 3
const MAX_KEY_BYTES = 64

const TITLES: readonly (readonly [ColumnUse, RegExp])[] = [
  ['file', /^(?:file[ _-]?id|id|url|link|href|src|文件 ?id|文件标识|链接|网址|地址)$/i],
  ['name', /^(?:name|file[ _-]?name|original[ _-]?name|title|名称|文件名|原名|原始文件名|标题)$/i],
  ['folder', /^(?:folder|directory|dir|path|文件夹|目录|路径|分类)$/i],
  ['tags', /^(?:tags?|labels?|keywords?|标签|关键词|关键字)$/i],
  // What our own exports add, and every ID tells by itself.
  ['ignore', /^(?:size|bytes|crc-?32|created|added|state|kind|group|ext(?:ension)?|大小|创建时间|添加时间|状态|类型|组|扩展名)$/i]
]
/** Headings of the export of a whole library: there, the connection is no metadata. */
const OWN_TITLES = ['connection', 'file_id', 'crc32', 'metadata']
const METADATA_TITLE = /^(?:meta(?:data)?|元数据)\s*[.:：]\s*(.+)$/i

/** What the columns of a table hold, by their headings and by what stands in them. Without a column of IDs it is no table. */
export function guessColumns(rows: readonly string[][]): { table: boolean; heading: boolean; columns: ListColumn[] } {
  const width = Math.max(0, ...rows.slice(0, SAMPLED_ROWS).map((row) => row.length))
  const cells = (index: number, from: number): string[] => rows.slice(from, SAMPLED_ROWS).map((row) => (row[index] ?? '').trim())
  const share = (index: number): number => {
    const filled = cells(index, 1).filter((cell) => cell !== '')
    return filled.length === 0 ? 0 : filled.filter(hasFileId).length / filled.length
  }
  const shares = Array.from({ length: width }, (_, index) => share(index))
  const fileColumn = shares.indexOf(Math.max(...shares))
  const first = rows[0]?.[fileColumn] ?? ''
  const found = fileColumn !== -1 && (shares[fileColumn]! > 0 || hasFileId(first))
  if (width < 2 || !found) return { table: false, heading: false, columns: [] }
  const heading = !hasFileId(first)
  const own = heading && OWN_TITLES.every((title) => rows[0]!.includes(title))
  const taken = new Set<ColumnUse>(['file'])
  const columns = Array.from({ length: width }, (_, index): ListColumn => {
    const title = heading ? (rows[0]![index] ?? '').trim() : ''
    const samples = cells(index, heading ? 1 : 0)
      .filter((cell) => cell !== '')
      .slice(0, SAMPLES)
    if (index === fileColumn) return { title, samples, use: 'file', key: '' }
    const { use, key } = own && title === 'connection' ? LEFT_OUT : guessUse(title, samples)
    const single = use === 'name' || use === 'folder' || use === 'tags'
    if (single && taken.has(use)) return { title, samples, use: 'ignore', key }
    if (single) taken.add(use)
    return { title, samples, use, key }
  })
  return { table: true, heading, columns }
}

const LEFT_OUT: Pick<ListColumn, 'use' | 'key'> = { use: 'ignore', key: '' }

function guessUse(title: string, samples: readonly string[]): Pick<ListColumn, 'use' | 'key'> {
  if (samples.length > 0 && samples.every((sample) => tryMetadata(sample) !== null)) return { use: 'json', key: '' }
  const key = METADATA_TITLE.exec(title)?.[1] ?? title
  if (title !== '' && key !== title) return { use: 'metadata', key }
  const known = TITLES.find(([, pattern]) => pattern.test(title))?.[0]
  // A second column of IDs would be another list.
  if (known !== undefined) return { use: known === 'file' ? 'ignore' : known, key }
  return { use: title !== '' && Buffer.byteLength(title) <= MAX_KEY_BYTES ? 'metadata' : 'ignore', key }
}

const hasFileId = (cell: string): boolean => extractFileIds(cell).found.length > 0
