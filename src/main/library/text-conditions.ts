import type { Condition, Sql } from './condition.ts'
import { fold } from './names.ts'
import { matchExpression, prefixEnd, wordOf, type Word } from './search-text.ts'

/** All of these words. */
export function textConditions(profile: number, words: readonly Word[]): Condition[] {
  const conditions: Condition[] = []
  const plain: Word[] = []
  for (const word of words) {
    if (word.idPrefix !== null) conditions.push(idOrText(profile, word, word.idPrefix))
    else if (word.length < 3) conditions.push(shortWord(word))
    else plain.push(word)
  }
  if (plain.length > 0) {
    conditions.push({
      ids: { sql: 'SELECT rowid AS id FROM file_search WHERE file_search MATCH ?', params: [matchExpression(plain)] },
      test: { sql: plain.map(() => 'instr(file_text.text, ?) > 0').join(' AND '), params: plain.map((word) => word.text) },
      text: true
    })
  }
  return conditions
}

/** One or two characters: every place where they stand begins a trigram, so they are a range of trigrams. */
function shortWord(word: Word): Condition {
  return {
    ids: { sql: 'SELECT doc AS id FROM file_grams WHERE term >= ? AND term < ?', params: [word.text, prefixEnd(word.text)] },
    test: { sql: 'instr(file_text.text, ?) > 0', params: [word.text] },
    text: true,
    scan: true
  }
}

/** Last part of the ID. */
const TAIL = 'substr(files.file_id, length(files.group_name) + 12)'

function idOrText(profile: number, word: Word, id: string): Condition {
  const end = prefixEnd(id)
  const createdAt = timeInName(id)
  return {
    ids: {
      sql: `SELECT rowid AS id FROM file_search WHERE file_search MATCH ?
        UNION ALL SELECT id FROM files INDEXED BY files_by_file_id WHERE profile = ? AND file_id >= ? AND file_id < ?
        UNION ALL SELECT id FROM files INDEXED BY files_by_created WHERE profile = ? AND created_at = ? AND ${TAIL} >= ? AND ${TAIL} < ?`,
      params: [matchExpression([word]), profile, id, end, profile, createdAt, id, end]
    },
    test: {
      sql: `(instr(file_text.text, ?) > 0 OR (files.file_id >= ? AND files.file_id < ?) OR (${TAIL} >= ? AND ${TAIL} < ?))`,
      params: [word.text, id, end, id, end]
    },
    text: true
  }
}

/**
 * When the file was created whose name begins like this, Unix ms: the first 11 characters of a name are the source (4 bytes)
 * and the time (4 bytes, big-endian seconds) in base64. Finds files by their names without an index of names.
 */
function timeInName(beginning: string): number {
  const bytes = Buffer.from(beginning.slice(0, 11), 'base64url')
  return bytes.length < 8 ? -1 : bytes.readUInt32BE(4) * 1000
}

/** First line of the text. */
const NAME_LINE = 'substr(file_text.text, 1, instr(file_text.text, char(10)))'

/** The name contains it. */
export function nameCondition(word: Word): Condition {
  return lineCondition(word, { sql: `instr(${NAME_LINE}, ?) > 0`, params: [word.text] })
}

/** A line `key=value` whose value contains the word, or any value. The key is compared as words are. */
export function metadataCondition(key: string, word: Word | null): Condition {
  const start = `\n${fold(key)}=`
  const line = 'substr(file_text.text, instr(file_text.text, ?) + 1)'
  const value = `substr(${line}, 1, instr(${line}, char(10)))`
  const test: Sql =
    word === null
      ? { sql: 'instr(file_text.text, ?) > 0', params: [start] }
      : // The value begins behind the equals sign.
        {
          sql: `(instr(file_text.text, ?) > 0 AND instr(substr(${value}, ?), ?) > 0)`,
          params: [start, start, start, Array.from(start).length, word.text]
        }
  const keyWord = wordOf(`${key}=`)
  return lineCondition(word !== null && word.length >= 3 ? word : (keyWord ?? word), test)
}

/** A test of one line of the text; files whose whole text has the word are the candidates. */
function lineCondition(word: Word | null, test: Sql): Condition {
  const where = word !== null && word.length >= 3
  return {
    ids:
      word === null
        ? null
        : {
            sql: where
              ? `SELECT file_search.rowid AS id FROM file_search CROSS JOIN file_text ON file_text.id = file_search.rowid
                 WHERE file_search MATCH ? AND ${test.sql}`
              : `SELECT file_text.id AS id FROM (SELECT DISTINCT doc FROM file_grams WHERE term >= ? AND term < ?) CROSS JOIN file_text
                 ON file_text.id = doc WHERE ${test.sql}`,
            params: [...(where ? [matchExpression([word])] : [word.text, prefixEnd(word.text)]), ...test.params]
          },
    test,
    text: true
  }
}
