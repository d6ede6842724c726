import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../../src/main/library/connection.ts'
import { listBackups } from '../../../src/main/library/backup.ts'
import { migrate, migrations, SCHEMA_VERSION } from '../../../src/main/library/migrations/index.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId, libraryKit } from './kit.ts'

const kit = libraryKit()
afterEach(() => kit.closeAll())

const P = 'p'

/** What a version 1 of the program left behind, written with its own columns only. */
const VERSION_1 = `
  INSERT INTO profiles (no, id) VALUES (1, '${P}'), (2, 'other');
  INSERT INTO files (id, profile, file_id, group_name, name, name_from, name_key, folder, ext, kind, size, crc32, created_at, added_at,
    source, state, origin, batch_id, metadata, metadata_read_at, tags) VALUES
    (1, 1, '${fileId(1)}', 'group1', '海报.psd', 2, '海报.psd', '春季/海报', 'psd', 'normal', 10, 1, 1000, 2000,
      '127.0.0.3', 'present', 'upload', 1, '{"project":"spring"}', 3000, '["hero","print"]'),
    (2, 1, '${fileId(2)}', 'group1', 'b.txt', 0, 'b.txt', '', 'txt', 'normal', 20, 2, 1000, 2000,
      '127.0.0.3', 'missing', 'paste', NULL, NULL, NULL, NULL),
    (7, 2, '${fileId(1)}', 'group1', 'other.txt', 1, 'other.txt', '', 'txt', 'normal', 10, 1, 1000, 2000,
      '127.0.0.3', 'present', 'listing', NULL, NULL, NULL, NULL);
  INSERT INTO file_tags VALUES (1, 'hero', 1), (1, 'print', 1);
  INSERT INTO file_text (id, text) VALUES (1, '海报.psd' || char(10) || '春季/海报' || char(10) || 'hero' || char(10) || 'print' || char(10)
    || 'project=spring' || char(10, 10)), (2, 'b.txt' || char(10) || char(10, 10)), (7, 'other.txt' || char(10) || char(10, 10));
  INSERT INTO file_search (rowid, text) SELECT id, text FROM file_text;
  INSERT INTO batches (id, profile_id, kind, title, created_at, options, scanning) VALUES (1, '${P}', 'upload', '春季', 5, '{}', 0);
  INSERT INTO transfers (id, batch_id, seq, tag, name, folder, size, done) VALUES (1, 1, 0, 'done', '海报.psd', '', 10, 10),
    (2, 1, 1, 'failed', 'x', '', 5, 0);
`

/** What each later version could leave behind beside that, written with the columns that it had. */
const SINCE: Record<number, string> = {
  1: VERSION_1,
  2: `
    INSERT INTO metadata_batches (batch_id, profile, at, files, undone_by) VALUES (1, 1, 4000, 1, NULL);
    INSERT INTO metadata_changes VALUES (1, '${fileId(1)}', '{"project":null}', '{"project":"spring"}');
    INSERT INTO trash (id, profile, file_id, name, size, content, deleted_at, remove_at, batch_id)
      SELECT 9, 1, '${fileId(9)}', 'old.png', 90, json_object('id', 9, 'profile', 1, 'file_id', '${fileId(9)}', 'group_name', 'group1',
        'name', 'old.png', 'name_from', 2, 'name_key', 'old.png', 'folder', 'away', 'ext', 'png', 'kind', 'normal', 'size', 90, 'crc32', 9,
        'created_at', 1000, 'added_at', 2000, 'source', '127.0.0.3', 'state', 'present', 'origin', 'upload', 'batch_id', NULL,
        'metadata', NULL, 'metadata_read_at', NULL, 'tags', '["print"]'), 5000, 9000, NULL;
  `,
  3: `
    UPDATE files SET favourite = 1 WHERE id = 1;
    UPDATE tags SET color = 'red' WHERE name = 'hero';
    INSERT INTO folders VALUES (1, 'empty');
    INSERT INTO saved_searches (profile, name, query, sort) VALUES (1, 'Posters', '{"text":"海报"}', NULL);
  `,
  4: 'INSERT INTO read_queue VALUES (1, 2, 3);',
  5: `INSERT INTO thumbnails (profile, file_id, size, state) VALUES (1, '${fileId(1)}', '200x200', 0);`
}

/** A library as the program left it after so many migrations, each of which was in use for a while. */
async function libraryOf(version: number): Promise<string> {
  const path = join(await tempDir(), 'library.db')
  const connection = await connect(path)
  for (let step = 1; step <= version; step += 1) {
    migrate(connection, step)
    // A new migration wants rows of its own here.
    connection.exec(SINCE[step]!)
  }
  expect(connection.number('PRAGMA user_version')).toBe(version)
  connection.close()
  return path
}

/** Everything the library says of itself. */
async function contentOf(path: string) {
  const library = await kit.open({ path })
  const raw = await kit.connection(path)
  const rows = (profile: string) => library.files.page(profile, {}, { key: 'fileId', descending: false }, 100).rows
  const content = {
    files: rows(P),
    other: rows('other'),
    groups: library.files.groups(P),
    folders: library.files.folders(P),
    searched: library.files.count(P, { text: '海报' }),
    tagged: library.files.count(P, { tag: 'hero' }),
    tags: library.order.tags(P).map(({ name }) => name),
    batch: library.journal.batch(1)?.title,
    totals: library.journal.totals(1).counts,
    history: library.history.list(P, 10).map(({ fileCount }) => fileCount),
    former: [...library.history.former(1)],
    trash: library.trash.rows(P, library.trash.ids(P)).map(({ name, folder, removeAt }) => ({ name, folder, removeAt })),
    favourites: rows(P).filter((row) => row.favourite).length,
    colour: library.order.tags(P).find(({ name }) => name === 'hero')?.color,
    kept: library.order
      .folders(P)
      .filter(({ fileCount }) => fileCount === 0)
      .map(({ path: folder }) => folder),
    searches: library.order.searches(P).map(({ name }) => name),
    thumbnails: raw.number('SELECT count(*) FROM thumbnails WHERE state = 0'),
    waiting: (await library.bulk.toRead(P, 10)).tasks.map(({ id }) => id),
    restored: library.trash.restore(P, library.trash.ids(P)),
    back: library.files.count(P, { tag: 'print' })
  }
  await library.close()
  return content
}

describe('every earlier version of the library', () => {
  test('numbers its migrations without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1))
  })

  test.each(Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1))(
    'version %i is brought up to date with all its data',
    async (version) => {
      const content = await contentOf(await libraryOf(version))
      expect(content.files.map(({ name, folder, tags, metadata, state }) => ({ name, folder, tags, metadata, state }))).toEqual(
        expect.arrayContaining([
          { name: '海报.psd', folder: '春季/海报', tags: ['hero', 'print'], metadata: { project: 'spring' }, state: 'present' },
          { name: 'b.txt', folder: '', tags: [], metadata: null, state: 'missing' }
        ])
      )
      expect(content).toMatchObject({
        other: [{ name: 'other.txt' }],
        groups: [{ group: 'group1', fileCount: 2, sizeBytes: 30 }],
        folders: [{ path: '春季/海报', fileCount: 1 }],
        searched: 1,
        tagged: 1,
        tags: ['hero', 'print'],
        batch: '春季',
        totals: { done: 1, failed: 1 },
        history: version >= 2 ? [1] : [],
        former: version >= 2 ? [{ fileId: fileId(1), set: {}, remove: ['project'] }] : [],
        trash: version >= 2 ? [{ name: 'old.png', folder: 'away', removeAt: 9000 }] : [],
        favourites: version >= 3 ? 1 : 0,
        colour: version >= 3 ? 'red' : 'none',
        kept: version >= 3 ? ['empty'] : [],
        searches: version >= 3 ? ['Posters'] : [],
        waiting: version >= 4 ? [2] : [],
        thumbnails: version >= 5 ? 1 : 0,
        restored: version >= 2 ? 1 : 0,
        back: version >= 2 ? 2 : 1
      })
    }
  )

  test('has the same schema in the end as a new one', async () => {
    const schema = async (path: string) => {
      const connection = await kit.connection(path)
      return connection.all("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    }
    const fresh = join(await tempDir(), 'library.db')
    await (await kit.open({ path: fresh })).close()
    const old = await libraryOf(1)
    await (await kit.open({ path: old })).close()
    expect(await schema(old)).toEqual(await schema(fresh))
  })

  test('is copied before it is changed, once', async () => {
    const path = await libraryOf(1)
    const backups = join(await tempDir(), 'backups')
    for (let start = 0; start < 2; start += 1) {
      const library = await kit.open({ path, backups, clock: () => 1_000 + start })
      await library.close()
    }
    const [copy, ...more] = listBackups(backups)
    expect(more).toEqual([])
    expect(copy?.name).toMatch(/-v1\.db$/)
    const connection = await kit.connection(join(backups, copy!.name))
    expect(connection.number('PRAGMA user_version')).toBe(1)
    expect(connection.number('SELECT count(*) FROM files')).toBe(3)
  })
})
