import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCatalogue } from '../../../src/main/library/catalogue.ts'
import type { Connection } from '../../../src/main/library/connection.ts'
import { nameKey } from '../../../src/main/library/names.ts'
import { QUERY_LIMITS, type QueryLimits } from '../../../src/main/library/query.ts'
import { createTextIndex } from '../../../src/main/library/text-index.ts'
import type { FileCatalogue, FileInput } from '../../../src/main/library/types.ts'
import { createViewEngine, type OpenedView } from '../../../src/main/library/view-engine.ts'
import type { FileQuery, FileRow, FileSort, IndexedSortKey } from '../../../src/shared/model.ts'
import { dateRange } from '../../../src/shared/search/dates.ts'
import { TYPE_EXTENSIONS } from '../../../src/shared/search/kinds.ts'
import { sizeRange } from '../../../src/shared/search/sizes.ts'
import { parseSearch, type Filter, type Term } from '../../../src/shared/search/syntax.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId, libraryKit } from './kit.ts'

const kit = libraryKit()
let connection: Connection
let reader: Connection
beforeEach(async () => {
  const path = join(await tempDir(), 'library.db')
  const library = await kit.open({ path })
  await library.close()
  connection = await kit.connection(path)
  reader = await kit.connection(path)
})
afterEach(() => kit.closeAll())

const catalogue = (limits = QUERY_LIMITS, now = (): number => 1): FileCatalogue =>
  createCatalogue(connection, createTextIndex(connection), now, () => {}, limits)

/** Every way to run a query, although the libraries here are small. */
const LIMITS: Record<string, QueryLimits> = {
  'the usual limits': QUERY_LIMITS,
  'candidates for very few files only': { few: 2, walk: 3, many: 6 },
  'no candidates': { few: 0, walk: 2, many: 0 },
  'many candidates': { few: 0, walk: 1, many: 1000 }
}

// ── The same in plain JavaScript ─────────────────────────────────────────────────────────────────────────────

type IndexedSort = FileSort & { key: IndexedSortKey }
const KEYS: Record<IndexedSortKey, (row: FileRow) => string | number> = {
  name: (row) => nameKey(row.name),
  fileId: (row) => row.fileId,
  group: (row) => row.group,
  sizeBytes: (row) => row.sizeBytes ?? -1,
  ext: (row) => row.ext,
  folder: (row) => row.folder,
  createdAt: (row) => row.createdAt,
  addedAt: (row) => row.addedAt
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
}

type Known = FileRow & { batchId: number | undefined }
const plain = (text: string): string => text.normalize('NFKC').toLowerCase()

function naiveFilter(rows: readonly Known[], row: Known, { key, name, values }: Filter): boolean {
  const there = (one: FileRow): boolean => one.state === 'present' || one.state === 'syncing'
  const sizeBytes = row.sizeBytes ?? -1
  return values.some((value) => {
    switch (key) {
      case 'group':
        return row.group === value
      case 'ext':
        return row.ext === value
      case 'size': {
        const range = sizeRange(value)!
        return range.min <= sizeBytes && sizeBytes <= range.max
      }
      case 'created':
      case 'added': {
        const range = dateRange(value, Date.now())!
        const at = key === 'created' ? row.createdAt : row.addedAt
        return range.from <= at && at < range.to
      }
      case 'tag':
        return row.tags.some((one) => one.toLowerCase() === value.toLowerCase())
      case 'folder': {
        if (value === '/') return row.folder === ''
        const path = `/${row.folder}/`.toLowerCase()
        return value.startsWith('/') ? path.startsWith(`${value}/`) : path.includes(`/${value}/`)
      }
      case 'name':
        return plain(searchedName(row)).includes(plain(value))
      case 'meta':
        return Object.entries(row.metadata ?? {}).some(([k, v]) => k === name && (value === '*' || plain(v).includes(plain(value))))
      case 'kind':
        return row.kind === value
      case 'is': {
        if (value in TYPE_EXTENSIONS) return TYPE_EXTENSIONS[value as keyof typeof TYPE_EXTENSIONS].includes(row.ext)
        if (value === 'favourite') return row.favourite
        if (value === 'untagged') return row.tags.length === 0
        if (value === 'stored') return row.state === 'present'
        const twin = (other: Known): boolean => other.id !== row.id && other.crc32 === row.crc32 && other.sizeBytes === row.sizeBytes
        if (value === 'duplicate')
          return row.crc32 !== null && sizeBytes > 0 && there(row) && rows.some((other) => there(other) && twin(other))
        return row.kind === value || row.state === value
      }
    }
  })
}

/** Of a name that is only the ID's, the coded part is not searched. */
function searchedName(row: FileRow): string {
  const tail = row.fileId.slice(row.fileId.lastIndexOf('/') + 1)
  return row.name === tail ? tail.slice(27) : row.name
}

function naiveTerm(rows: readonly Known[], row: Known, term: Term): boolean {
  switch (term.type) {
    case 'unfinished':
      return true
    case 'invalid':
      return false
    case 'filter':
      return naiveFilter(rows, row, term.filter) !== term.not
    case 'text': {
      const tail = row.fileId.slice(row.fileId.lastIndexOf('/') + 1)
      const metadata = Object.entries(row.metadata ?? {}).map(([k, v]) => `${k}=${v}`)
      const fields = [searchedName(row), row.folder, ...row.tags, ...metadata].map(plain)
      const isId = term.text.length >= 12 && (row.fileId.startsWith(term.text) || tail.startsWith(term.text))
      return (isId || fields.some((field) => field.includes(plain(term.text)))) !== term.not
    }
  }
}

function naive(rows: readonly Known[], query: FileQuery, sort: IndexedSort): number[] {
  const terms = parseSearch(query.text ?? '')
  const found = rows.filter(
    (row) =>
      terms.every((term) => naiveTerm(rows, row, term)) &&
      (query.group === undefined || row.group === query.group) &&
      (query.ext === undefined || row.ext === query.ext.toLowerCase()) &&
      (query.kind === undefined || row.kind === query.kind) &&
      (query.state === undefined || row.state === query.state) &&
      (query.tag === undefined || row.tags.includes(query.tag)) &&
      (query.batchId === undefined || row.batchId === query.batchId) &&
      (query.folder === undefined ||
        row.folder === query.folder ||
        (query.recursive === true && (query.folder === '' || row.folder.startsWith(`${query.folder}/`))))
  )
  const key = KEYS[sort.key]
  const sign = sort.descending ? -1 : 1
  return found.sort((a, b) => sign * (compare(key(a), key(b)) || a.id - b.id)).map((row) => row.id)
}

// ── Arbitrary libraries and queries ──────────────────────────────────────────────────────────────────────────

const piece = fc.constantFrom(
  'a',
  'B',
  'ab',
  'abc',
  '蓝',
  '天',
  '蓝天',
  '白云',
  '1',
  '02',
  '10',
  '%',
  '_',
  "'",
  '*',
  '-',
  '😀',
  'é',
  'ß',
  'Ｘ',
  ' '
)
const phrase = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''))
const folder = fc.constantFrom('', 'a', 'a/b', 'a/b/c', 'a0', 'a-b', '蓝天', '蓝天/1')
const tag = fc.constantFrom('hero', '英雄', 'a b')
const ext = fc.constantFrom('jpg', 'psd', 'a')
const group = fc.constantFrom('group1', 'group2')
const state = fc.constantFrom('present' as const, 'present' as const, 'missing' as const, 'syncing' as const)
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 })

interface Spec {
  input: Omit<FileInput, 'fileId'>
  group: string
  ext: string
  appender: boolean
  favourite: boolean
  tags: string[]
}
const spec: fc.Arbitrary<Spec> = fc.record({
  input: fc.record({
    name: optional(phrase.map((text) => `${text}.psd`)),
    folder: optional(folder),
    origin: fc.constantFrom('upload' as const, 'listing' as const),
    state: optional(state),
    metadata: optional(fc.dictionary(fc.constantFrom('project', '项目', 'a'), phrase, { maxKeys: 2 })),
    batchId: optional(fc.integer({ min: 1, max: 2 }))
  }),
  group,
  ext,
  appender: fc.boolean(),
  favourite: fc.boolean(),
  tags: fc.uniqueArray(tag, { maxLength: 2 })
})
const text = fc.oneof(
  piece,
  piece,
  phrase,
  phrase.map((words) => `"${words}"`),
  fc.constantFrom('', '"', '1234567', 'group1/M00/0', 'project=', '.psd a', 'fwAAA2sDCqKA', 'fwAAA2sDCqSAAAAC')
)
const FILTERS =
  'group:group1|group:group1,group2|ext:jpg|ext:PSD,a|size:>10|size:0..20|size:1,30|created:2026|created:<2026|added:today|added:<1d|tag:hero|' +
  'tag:"A B",英雄|folder:a|folder:a/b|folder:/b|folder:/|folder:蓝天|name:a|name:蓝|name:abc|name:".psd"|meta.a:a|meta.project:abc|meta.项目:蓝|meta.a:*|' +
  'kind:appender|is:image|is:image,appender|is:favourite|is:duplicate|is:untagged|is:missing|is:stored,syncing|size:x|is:|colour:red'
const filter = fc.tuple(fc.constantFrom('', '', '-'), fc.constantFrom(...FILTERS.split('|'))).map(([minus, typed]) => minus + typed)
const condition: fc.Arbitrary<FileQuery> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.oneof({ weight: 3, arbitrary: filter }, text), { minLength: 1, maxLength: 3 })
      .map((parts) => ({ text: parts.join(' ') }))
  },
  { weight: 4, arbitrary: fc.record({ text }) },
  fc.record({ group }),
  fc.record({ folder, recursive: fc.boolean() }),
  fc.record({ ext: fc.constantFrom('jpg', 'PSD', 'psd', 'a') }),
  fc.record({ kind: fc.constantFrom('normal' as const, 'appender' as const) }),
  fc.record({ state }),
  fc.record({ tag }),
  fc.record({ batchId: fc.integer({ min: 1, max: 3 }) })
)
// More than two conditions find nothing most of the time, which tests nothing.
const query: fc.Arbitrary<FileQuery> = fc.array(condition, { maxLength: 2 }).map((parts) => Object.assign({}, ...parts) as FileQuery)
const sort: fc.Arbitrary<IndexedSort> = fc.record({
  key: fc.constantFrom<IndexedSortKey>('name', 'fileId', 'group', 'sizeBytes', 'ext', 'folder', 'createdAt', 'addedAt'),
  descending: fc.boolean()
})

let profiles = 0
function fill(files: FileCatalogue, specs: readonly Spec[]): { profile: string; rows: Known[] } {
  profiles += 1
  const profile = `p${profiles}`
  const ids = specs.map((one, i) =>
    fileId(Math.floor(i / 2) * 2 + (i % 2) * 7000, {
      group: one.group,
      ext: one.ext,
      sizeBytes: one.appender ? null : (i % 4) * 10,
      crc32: i % 5
    })
  )
  files.upsert(
    profile,
    specs.map((one, i) => ({ ...one.input, fileId: ids[i]! }))
  )
  specs.forEach((one, i) => {
    const { id } = files.byFileId(profile, ids[i]!)!
    if (one.favourite) connection.run('UPDATE files SET favourite = 1 WHERE id = ?', [id])
    if (one.tags.length > 0) files.tag(profile, [id], { add: one.tags })
  })
  const batches = new Map(specs.map((one, i) => [ids[i], one.input.batchId]))
  return { profile, rows: ids.map((id) => ({ ...files.byFileId(profile, id)!, batchId: batches.get(id) })) }
}

function pages(files: FileCatalogue, profile: string, wanted: FileQuery, order: IndexedSort, limit: number): number[] {
  const ids: number[] = []
  let cursor: string | null = null
  do {
    const page = files.page(profile, wanted, order, limit, cursor)
    ids.push(...page.rows.map((row) => row.id))
    cursor = page.cursor
    if (ids.length > 1000) throw new Error('pages do not end')
  } while (cursor !== null)
  return ids
}

describe.each(Object.entries(LIMITS))('with %s', (_, limits) => {
  test('pages, counts, selections and views are what sorting and filtering in memory gives', { timeout: 60_000 }, () => {
    let now = 0
    const files = catalogue(limits, () => (now += now % 3 === 0 ? 1 : 0) + 1)
    const engine = createViewEngine(reader, limits)
    fc.assert(
      fc.property(
        fc.array(spec, { minLength: 6, maxLength: 16 }),
        fc.array(fc.tuple(query, sort), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 6 }),
        (specs, questions, limit) => {
          const { profile, rows } = fill(files, specs)
          engine.forgetCached()
          for (const [wanted, order] of questions) {
            const expected = naive(rows, wanted, order)
            expect(pages(files, profile, wanted, order, limit)).toEqual(expected)
            expect(files.count(profile, wanted)).toBe(expected.length)
            const selected = [...files.select(profile, { query: wanted, exceptIds: [] }, limit)].flat().map((row) => row.id)
            expect(selected).toEqual(expected.toSorted((a, b) => a - b))
            const opened: OpenedView[] = []
            createTextIndex(connection).bringUpToDate()
            engine.open(profile, wanted, order, limit, (view) => opened.push(view))
            expect(opened.map(({ rows: first }) => first.map((row) => row.id))).toEqual([expected.slice(0, limit)])
            const [{ total, exact }] = opened as [OpenedView]
            expect(exact ? total === expected.length : total <= expected.length).toBe(true)
            expect(engine.total(opened[0]!.view)).toBe(expected.length)
            const { view } = opened[0]!
            expect(engine.ids(view, 0, 100)).toEqual(expected)
            expect(engine.rows(view, 1, limit).map((row) => row.id)).toEqual(expected.slice(1, 1 + limit))
            engine.close(view)
          }
        }
      ),
      { numRuns: 40 }
    )
  })
})

test('whatever is changed in whatever order, the index, the counts and the searches agree with the files', { timeout: 60_000 }, () => {
  const n = fc.integer({ min: 0, max: 5 })
  const change = fc.oneof(
    fc.record({ do: fc.constant('upsert' as const), n, spec }),
    fc.record({ do: fc.constant('name' as const), n, name: phrase }),
    fc.record({ do: fc.constant('move' as const), n, folder }),
    fc.record({ do: fc.constant('tag' as const), n, add: fc.array(tag), remove: fc.array(tag) }),
    fc.record({ do: fc.constant('metadata' as const), n, metadata: fc.dictionary(fc.constantFrom('a', '项目', 'filename'), phrase) }),
    fc.record({ do: fc.constant('forget' as const), n }),
    fc.record({ do: fc.constant('rename' as const), n, to: n }),
    fc.record({ do: fc.constant('search' as const), n, text: piece })
  )
  const files = catalogue()
  const texts = createTextIndex(connection)
  let lastProfile = 0
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), piece, (changes, word) => {
      const profile = `q${(lastProfile += 1)}`
      const id = (of: number): number => files.byFileId(profile, fileId(of))?.id ?? -1
      for (const one of changes) {
        if (one.do === 'upsert') files.upsert(profile, [{ ...one.spec.input, fileId: fileId(one.n) }])
        else if (one.do === 'name' && one.name.trim() !== '') files.setName(profile, id(one.n), one.name)
        else if (one.do === 'move') files.move(profile, [id(one.n)], one.folder)
        else if (one.do === 'tag') files.tag(profile, [id(one.n)], one)
        else if (one.do === 'metadata') files.setMetadata(profile, fileId(one.n), one.metadata, 1)
        else if (one.do === 'forget') files.forget(profile, [fileId(one.n)])
        else if (one.do === 'rename') files.rename(profile, fileId(one.n), fileId(one.to))
        else if (one.do === 'search') files.count(profile, { text: one.text })
      }
      const byId: IndexedSort = { key: 'addedAt', descending: false }
      const rows = files.page(profile, {}, byId, 100).rows.map((row) => ({ ...row, batchId: undefined }))
      for (const query of [{ text: word }, { tag: 'hero' }, { folder: 'a' }])
        expect(pages(files, profile, query, byId, 9)).toEqual(naive(rows, query, byId))
      expect(files.groups(profile).reduce((sum, group) => sum + group.fileCount, 0)).toBe(rows.length)
      expect(files.groups(profile).reduce((sum, group) => sum + group.sizeBytes, 0)).toBe(
        rows.reduce((sum, row) => sum + (row.sizeBytes ?? 0), 0)
      )
      const folders = new Map<string, number>()
      for (const row of rows) if (row.folder !== '') folders.set(row.folder, (folders.get(row.folder) ?? 0) + 1)
      expect(new Map(files.folders(profile).map((one) => [one.path, one.fileCount]))).toEqual(folders)
      texts.bringUpToDate()
      connection.exec("INSERT INTO file_search (file_search, rank) VALUES ('integrity-check', 1)")
    }),
    { numRuns: 40 }
  )
})

test('importing the same files again changes nothing', () => {
  const files = catalogue()
  fc.assert(
    fc.property(fc.array(spec, { maxLength: 8 }), (specs) => {
      const { profile, rows } = fill(files, specs)
      const again = specs.map((one, i): FileInput => ({ ...one.input, fileId: rows[i]!.fileId }))
      expect(files.upsert(profile, again)).toEqual({ inserted: 0, merged: again.length })
      expect(files.upsert(profile, again.toReversed()).inserted).toBe(0)
      const byId = new Map(rows.map((row) => [row.fileId, row]))
      for (const row of files.select(profile, { query: {}, exceptIds: [] })) {
        for (const one of row) expect(one).toEqual({ ...byId.get(one.fileId), batchId: undefined })
      }
    }),
    { numRuns: 60 }
  )
})

describe('a search', () => {
  const found = (files: FileCatalogue, text: string): string[] =>
    files.page('p', { text }, { key: 'addedAt', descending: false }, 50).rows.map((row) => row.name)

  test.each(Object.entries(LIMITS))('takes nothing typed for syntax, with %s', (_, limits) => {
    const files = catalogue(limits)
    const names = ['100% real.jpg', 'under_score.jpg', "it's.jpg", 'NOT near OR and.jpg', 'a*b^c.jpg', 'text:colon.jpg', '( [ { -minus.jpg']
    files.upsert(
      'p',
      names.map((name, i) => ({ fileId: fileId(i), name, origin: 'upload' }))
    )
    expect(found(files, '%')).toEqual(['100% real.jpg'])
    expect(found(files, '%%%')).toEqual([])
    expect(found(files, '_')).toEqual(['under_score.jpg'])
    expect(found(files, "'")).toEqual(["it's.jpg"])
    expect(found(files, "' OR 1=1 --")).toEqual([])
    expect(found(files, 'NOT')).toEqual(['NOT near OR and.jpg'])
    expect(found(files, 'near OR')).toEqual(['NOT near OR and.jpg'])
    expect(found(files, 'NEAR(near or)')).toEqual([])
    expect(found(files, 'a*b')).toEqual(['a*b^c.jpg'])
    expect(found(files, 'rea*')).toEqual([])
    expect(found(files, '^100')).toEqual([])
    expect(found(files, 'text:colon')).toEqual(['text:colon.jpg'])
    expect(found(files, '"-minus"')).toEqual(['( [ { -minus.jpg'])
    expect(found(files, '-minus')).toEqual(names.slice(0, -1))
    expect(found(files, '(')).toEqual(['( [ { -minus.jpg'])
    for (const text of ['\u0000', '\ud800', '"""', '" "', 'x'.repeat(512), '\n\n', '\u{10FFFF}']) found(files, text)
  })

  test('finds words anywhere, together only in quotes', () => {
    const files = catalogue()
    files.upsert('p', [
      { fileId: fileId(1), name: 'Blue sky.jpg', origin: 'upload' },
      { fileId: fileId(2), name: 'sky blue.jpg', folder: '素材/天空', origin: 'upload', metadata: { 项目: '双十一 大促' } }
    ])
    expect(found(files, 'BLUE sky')).toEqual(['Blue sky.jpg', 'sky blue.jpg'])
    expect(found(files, '"blue sky"')).toEqual(['Blue sky.jpg'])
    expect(found(files, 'sky　天空')).toEqual(['sky blue.jpg'])
    expect(found(files, '十一')).toEqual(['sky blue.jpg'])
    expect(found(files, '项目=双十一')).toEqual(['sky blue.jpg'])
    expect(found(files, 'jpg素')).toEqual([])
  })

  test('finds a file by its ID, its link, or the beginning of either of its parts', () => {
    const files = catalogue()
    files.upsert('p', [
      { fileId: fileId(1), name: 'one', origin: 'upload' },
      { fileId: fileId(2), name: 'two', origin: 'upload' }
    ])
    const id = fileId(2)
    const tail = id.slice(id.lastIndexOf('/') + 1)
    for (const text of [id, `http://files.example:8888/${id}`, tail, tail.slice(0, -6), id.slice(0, 20)])
      expect(found(files, text)).toEqual(['two'])
    expect(found(files, tail.toLowerCase())).toEqual([])
    expect(found(files, `${id} one`)).toEqual([])
    expect(found(files, `${id} two`)).toEqual(['two'])
  })
})

test.each(['', 'x', 'bnVsbA', Buffer.from('[1,2]').toString('base64url'), Buffer.from('["a","b"]').toString('base64url')])(
  'a cursor that is none is refused: %j',
  (cursor) => {
    const files = catalogue()
    expect(() => files.page('p', {}, { key: 'name', descending: false }, 5, cursor)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' })
    )
  }
)
