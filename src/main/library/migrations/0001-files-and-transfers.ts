import type { Migration } from './index.ts'

/**
 * Files, their search index, and the transfer journal.
 *
 * - `files.size` is -1 when unknown, so that the sort index and keyset pages have no NULLs.
 * - Every sort key has an index (profile, key); SQLite appends the rowid, which is the tiebreaker.
 * - `file_text.text` is the normalised text of a file (see search-text.ts); `file_search` indexes its trigrams. The text ends
 *   with two line feeds, so that every character starts a trigram: words of one or two characters are found as prefixes of
 *   trigrams (`file_grams`), which is what Chinese needs. text-index.ts keeps both.
 * - Counters (`folder_counts`, `group_counts`, `transfer_counts`) are kept by triggers: nothing counts a hundred thousand rows to
 *   draw a number.
 */
export const migration: Migration = {
  version: 1,
  sql: `
    CREATE TABLE profiles (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;

    CREATE TABLE files (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      profile INTEGER NOT NULL REFERENCES profiles (no),
      file_id TEXT NOT NULL,
      group_name TEXT NOT NULL,
      name TEXT NOT NULL,
      name_from INTEGER NOT NULL CHECK (name_from BETWEEN 0 AND 2),
      name_key TEXT NOT NULL,
      folder TEXT NOT NULL,
      ext TEXT NOT NULL,
      kind TEXT NOT NULL,
      size INTEGER NOT NULL,
      crc32 INTEGER,
      created_at INTEGER NOT NULL,
      added_at INTEGER NOT NULL,
      source TEXT NOT NULL,
      state TEXT NOT NULL,
      origin TEXT NOT NULL,
      batch_id INTEGER,
      metadata TEXT,
      metadata_read_at INTEGER,
      tags TEXT
    ) STRICT;
    CREATE UNIQUE INDEX files_by_file_id ON files (profile, file_id);
    CREATE INDEX files_by_name ON files (profile, name_key);
    CREATE INDEX files_by_group ON files (profile, group_name);
    CREATE INDEX files_by_size ON files (profile, size);
    CREATE INDEX files_by_ext ON files (profile, ext);
    CREATE INDEX files_by_created ON files (profile, created_at);
    CREATE INDEX files_by_added ON files (profile, added_at);
    CREATE INDEX files_by_folder ON files (profile, folder);
    CREATE INDEX files_by_content ON files (profile, crc32, size) WHERE crc32 IS NOT NULL;
    CREATE INDEX files_by_kind ON files (profile, kind) WHERE kind <> 'normal';
    CREATE INDEX files_by_state ON files (profile, state) WHERE state <> 'present';
    CREATE INDEX files_by_batch ON files (profile, batch_id) WHERE batch_id IS NOT NULL;

    CREATE TABLE file_tags (
      profile INTEGER NOT NULL,
      tag TEXT NOT NULL,
      file INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
      PRIMARY KEY (profile, tag, file)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX file_tags_by_file ON file_tags (file);

    CREATE TABLE file_text (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
    -- Files whose text differs from what is indexed: that text, NULL when there is none.
    CREATE TABLE text_changes (id INTEGER PRIMARY KEY, indexed TEXT) STRICT;
    CREATE VIRTUAL TABLE file_search USING fts5 (text, content = 'file_text', content_rowid = 'id', tokenize = 'trigram case_sensitive 1');
    CREATE VIRTUAL TABLE file_grams USING fts5vocab (file_search, instance);

    CREATE TABLE group_counts (
      profile INTEGER NOT NULL,
      group_name TEXT NOT NULL,
      files INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      PRIMARY KEY (profile, group_name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE folder_counts (
      profile INTEGER NOT NULL,
      folder TEXT NOT NULL,
      files INTEGER NOT NULL,
      PRIMARY KEY (profile, folder)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER files_inserted AFTER INSERT ON files BEGIN
      INSERT INTO group_counts VALUES (new.profile, new.group_name, 1, max(new.size, 0))
        ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes;
      INSERT INTO folder_counts VALUES (new.profile, new.folder, 1) ON CONFLICT DO UPDATE SET files = files + 1;
    END;
    CREATE TRIGGER files_deleted AFTER DELETE ON files BEGIN
      UPDATE group_counts SET files = files - 1, bytes = bytes - max(old.size, 0)
        WHERE profile = old.profile AND group_name = old.group_name;
      UPDATE folder_counts SET files = files - 1 WHERE profile = old.profile AND folder = old.folder;
    END;
    CREATE TRIGGER files_moved AFTER UPDATE OF folder ON files WHEN old.folder <> new.folder BEGIN
      UPDATE folder_counts SET files = files - 1 WHERE profile = old.profile AND folder = old.folder;
      INSERT INTO folder_counts VALUES (new.profile, new.folder, 1) ON CONFLICT DO UPDATE SET files = files + 1;
    END;
    CREATE TRIGGER files_resized AFTER UPDATE OF size, group_name ON files
    WHEN old.size <> new.size OR old.group_name <> new.group_name BEGIN
      UPDATE group_counts SET files = files - 1, bytes = bytes - max(old.size, 0)
        WHERE profile = old.profile AND group_name = old.group_name;
      INSERT INTO group_counts VALUES (new.profile, new.group_name, 1, max(new.size, 0))
        ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes;
    END;

    CREATE TABLE batches (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      profile_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      title TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      target TEXT,
      options TEXT,
      scanning INTEGER NOT NULL,
      paused INTEGER NOT NULL DEFAULT 0,
      finished_at INTEGER,
      -- Rows that could not be read are kept, but hidden (see set_aside).
      aside INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX batches_unfinished ON batches (id) WHERE finished_at IS NULL;
    CREATE TABLE transfers (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      batch_id INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
      seq INTEGER NOT NULL,
      tag TEXT NOT NULL DEFAULT 'queued',
      step TEXT,
      name TEXT NOT NULL,
      folder TEXT NOT NULL,
      local_path TEXT,
      file_id TEXT,
      size INTEGER NOT NULL,
      done INTEGER NOT NULL DEFAULT 0,
      attempt INTEGER NOT NULL DEFAULT 0,
      retry_at INTEGER,
      error TEXT,
      state TEXT
    ) STRICT;
    CREATE UNIQUE INDEX transfers_by_seq ON transfers (batch_id, seq);
    CREATE INDEX transfers_by_tag ON transfers (batch_id, tag, seq);
    CREATE INDEX transfers_due ON transfers (retry_at) WHERE tag = 'waiting';
    CREATE INDEX transfers_busy ON transfers (tag) WHERE tag IN ('running', 'waiting');
    CREATE TABLE transfer_counts (
      batch_id INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
      tag TEXT NOT NULL,
      files INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      done INTEGER NOT NULL,
      PRIMARY KEY (batch_id, tag)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER transfers_inserted AFTER INSERT ON transfers BEGIN
      INSERT INTO transfer_counts VALUES (new.batch_id, new.tag, 1, new.size, new.done)
        ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes, done = done + excluded.done;
    END;
    CREATE TRIGGER transfers_changed AFTER UPDATE OF tag, size, done ON transfers
    WHEN old.tag <> new.tag OR old.size <> new.size OR old.done <> new.done BEGIN
      UPDATE transfer_counts SET files = files - 1, bytes = bytes - old.size, done = done - old.done
        WHERE batch_id = old.batch_id AND tag = old.tag;
      INSERT INTO transfer_counts VALUES (new.batch_id, new.tag, 1, new.size, new.done)
        ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes, done = done + excluded.done;
    END;

    -- What could not be understood when it was read: kept as it was, for repair and for reports.
    CREATE TABLE set_aside (
      id INTEGER PRIMARY KEY,
      place TEXT NOT NULL,
      row_id INTEGER NOT NULL,
      reason TEXT NOT NULL,
      content TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
  `
}
