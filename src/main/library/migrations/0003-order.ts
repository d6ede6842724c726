import type { Migration } from './index.ts'

/**
 * Order that people make: tags with colours, favourites, folders that stay when they are empty, saved searches.
 *
 * - `tags.files` is kept by triggers. A tag that no file has any more stays until it is removed.
 * - `folders` holds folders that were made by hand or were emptied by moving; folders with files need no row.
 * - `saved_searches.query` is a file query as JSON.
 */
export const migration: Migration = {
  version: 3,
  sql: `
    ALTER TABLE files ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX files_by_favourite ON files (profile) WHERE favourite = 1;

    CREATE TABLE tags (
      profile INTEGER NOT NULL,
      name TEXT NOT NULL,
      color TEXT NOT NULL DEFAULT 'none',
      files INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (profile, name)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO tags SELECT profile, tag, 'none', count(*) FROM file_tags GROUP BY profile, tag;
    CREATE TRIGGER file_tags_inserted AFTER INSERT ON file_tags BEGIN
      INSERT OR IGNORE INTO tags (profile, name) VALUES (new.profile, new.tag);
      UPDATE tags SET files = files + 1 WHERE profile = new.profile AND name = new.tag;
    END;
    CREATE TRIGGER file_tags_deleted AFTER DELETE ON file_tags BEGIN
      UPDATE tags SET files = files - 1 WHERE profile = old.profile AND name = old.tag;
    END;

    CREATE TABLE folders (
      profile INTEGER NOT NULL,
      path TEXT NOT NULL,
      PRIMARY KEY (profile, path)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE saved_searches (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      profile INTEGER NOT NULL,
      name TEXT NOT NULL,
      query TEXT NOT NULL,
      sort TEXT
    ) STRICT;
    CREATE INDEX saved_searches_by_profile ON saved_searches (profile, id);
  `
}
