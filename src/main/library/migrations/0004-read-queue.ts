import type { Migration } from './index.ts'

/**
 * Files that came by a listing or a binlog and are to be asked about: `what` is a sum of 1 = metadata (the log knows some),
 * 2 = size and existence (the name does not tell). Worked off in the background, in order of the files; lasts over restarts.
 */
export const migration: Migration = {
  version: 4,
  sql: `
    CREATE TABLE read_queue (
      profile INTEGER NOT NULL REFERENCES profiles (no),
      file INTEGER NOT NULL,
      what INTEGER NOT NULL,
      PRIMARY KEY (profile, file)
    ) STRICT, WITHOUT ROWID;
  `
}
