import type { Migration } from './index.ts'

/**
 * Small pictures that are stored beside their originals, as slaves: the ones that are still to be made (0), those that are there (1),
 * and those that cannot be made (2, with the code of the reason). What is there goes with its original.
 */
export const migration: Migration = {
  version: 5,
  sql: `
    CREATE TABLE thumbnails (
      profile INTEGER NOT NULL REFERENCES profiles (no),
      file_id TEXT NOT NULL,
      size TEXT NOT NULL,
      state INTEGER NOT NULL DEFAULT 0,
      slave_id TEXT,
      code TEXT,
      PRIMARY KEY (profile, file_id, size)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX thumbnails_to_make ON thumbnails (profile, file_id) WHERE state = 0;
    CREATE INDEX thumbnails_failed ON thumbnails (profile, file_id) WHERE state = 2;
  `
}
