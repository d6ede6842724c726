import type { Migration } from './index.ts'

/**
 * Former values of metadata, and the trash.
 *
 * - `metadata_changes` has one row per file and batch: the keys that the batch changed, as JSON objects of texts and nulls (null =
 *   the file did not have the key).
 * - A file in the trash is no row of `files`: every view, counter and search is right without asking for it. `trash.content` is
 *   its former row as JSON; its id is kept (ids of `files` are never given twice).
 * - A file that comes into the library again, by whatever way, leaves the trash: what is shown must not be deleted later.
 */
export const migration: Migration = {
  version: 2,
  sql: `
    CREATE TABLE metadata_batches (
      batch_id INTEGER PRIMARY KEY,
      profile INTEGER NOT NULL REFERENCES profiles (no),
      at INTEGER NOT NULL,
      files INTEGER NOT NULL DEFAULT 0,
      -- The batch that restored the former values.
      undone_by INTEGER
    ) STRICT;
    CREATE TABLE metadata_changes (
      batch_id INTEGER NOT NULL REFERENCES metadata_batches (batch_id) ON DELETE CASCADE,
      file_id TEXT NOT NULL,
      before TEXT NOT NULL,
      after TEXT NOT NULL,
      PRIMARY KEY (batch_id, file_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE trash (
      id INTEGER PRIMARY KEY,
      profile INTEGER NOT NULL REFERENCES profiles (no),
      file_id TEXT NOT NULL,
      name TEXT NOT NULL,
      size INTEGER NOT NULL,
      content TEXT NOT NULL,
      deleted_at INTEGER NOT NULL,
      remove_at INTEGER NOT NULL,
      -- The batch that removes it from the server, once there is one.
      batch_id INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX trash_by_file_id ON trash (profile, file_id);
    CREATE INDEX trash_by_time ON trash (profile, deleted_at);
    CREATE INDEX trash_due ON trash (profile, remove_at);
    CREATE TRIGGER files_return AFTER INSERT ON files BEGIN
      DELETE FROM trash WHERE profile = new.profile AND file_id = new.file_id;
    END;
  `
}
