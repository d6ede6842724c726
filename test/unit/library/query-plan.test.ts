import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Connection, type Params } from '../../../src/main/library/connection.ts'
import { createJournal } from '../../../src/main/library/journal.ts'
import { WalSync } from '../../../src/main/library/wal-sync.ts'
import { conditionsOf } from '../../../src/main/library/conditions.ts'
import { boundedWalkSql, orderSql, walkSql, type Position } from '../../../src/main/library/query.ts'
import type { IndexedSort } from '../../../src/main/library/query.ts'
import type { FileQuery, IndexedSortKey } from '../../../src/shared/model.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { libraryKit } from './kit.ts'

const kit = libraryKit()
let connection: Connection
beforeEach(async () => {
  const path = join(await tempDir(), 'library.db')
  await (await kit.open({ path })).close()
  connection = await kit.connection(path)
})
afterEach(() => kit.closeAll())

const plan = (sql: string, params: Params): string =>
  connection
    .all(`EXPLAIN QUERY PLAN ${sql}`, params)
    .map((row) => String(row.detail))
    .join('\n')

const KEYS: IndexedSortKey[] = ['name', 'fileId', 'group', 'sizeBytes', 'ext', 'createdAt', 'addedAt']
const SORTS = KEYS.flatMap((key): IndexedSort[] => [
  { key, descending: false },
  { key, descending: true }
])

test.each(SORTS)('a page by %j starts at its place in an index and sorts nothing', (sort) => {
  const position: Position = [['sizeBytes', 'createdAt', 'addedAt'].includes(sort.key) ? 5 : 'a', 7]
  for (const query of [{}, { text: 'ab abc' }, { group: 'g', tag: 't' }, { folder: 'a', recursive: true }] satisfies FileQuery[]) {
    for (const after of [null, position]) {
      const conditions = conditionsOf(1, query)
      const walk = walkSql('files.id', 1, conditions, sort, after, 10)
      const bounded = boundedWalkSql('files.id', 1, conditions, sort, after, 10, 100)
      for (const { sql, params } of [walk, bounded]) {
        const steps = plan(sql, params)
        expect(steps).toMatch(/SEARCH files USING (COVERING )?INDEX files_by_\w+ \(profile=/)
        expect(steps).not.toContain('TEMP B-TREE')
      }
    }
  }
  const { sql, params } = walkSql('files.id', 1, [], sort, position, 10)
  expect(plan(sql, params)).toMatch(/\(profile=\? AND \w+[<>]\?\)/)
  const order = orderSql(1, sort.key)
  expect(plan(order.sql, order.params)).toMatch(/^SEARCH files USING COVERING INDEX files_by_\w+ \(profile=\?\)$/)
})

test.each<[string, FileQuery]>([
  ['group', { group: 'g' }],
  ['extension', { ext: 'e' }],
  ['batch', { batchId: 1 }],
  ['kind', { kind: 'appender' }],
  ['state', { state: 'missing' }],
  ['folder', { folder: 'a' }],
  ['folders below', { folder: 'a', recursive: true }],
  ['tag', { tag: 't' }]
])('the candidates of a %s come from an index alone', (_, query) => {
  const { ids } = conditionsOf(1, query)[0]!
  const steps = plan(ids!.sql, ids!.params).split('\n')
  for (const step of steps.filter((one) => !one.startsWith('COMPOUND') && !/SUBQUERY|UNION/.test(one))) {
    expect(step).toMatch(/^SEARCH \w+ USING (COVERING INDEX|PRIMARY KEY)/)
  }
})

test('what the scheduler asks all the time never sorts or scans', () => {
  const asked: [string, Params][] = []
  const spy = new Proxy(connection, {
    get(target, key) {
      if (key !== 'all') return Reflect.get(target, key) as unknown
      return (sql: string, params: Params) => {
        asked.push([sql, params])
        return target.all(sql, params)
      }
    }
  })
  const journal = createJournal(spy, { add: () => {}, list: () => [] }, new WalSync(''))
  journal.nextQueued(1, 5, 10)
  journal.due(100, 10)
  journal.totals(1)
  journal.page(1, {}, 5, 10)
  journal.page(1, { tags: ['failed', 'done'] }, 5, 10)
  journal.transfer(1)
  journal.batches({ limit: 5 })
  expect(asked).toHaveLength(8)
  for (const [sql, params] of asked) {
    const steps = plan(sql, params)
    expect(steps).not.toContain('TEMP B-TREE')
    expect(steps).not.toMatch(/SCAN transfers/)
  }
})
