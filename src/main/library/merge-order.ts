import { TAG_COLORS, type TagColor } from '../../shared/model.ts'
import type { Connection } from './connection.ts'

/** How people ordered another library, beside what its files tell. Nothing of it was checked: it comes from outside. */
export interface OtherOrder {
  profileId: string
  /** File IDs. */
  favourites: string[]
  /** With a colour; the others come with the files. */
  tags: { name: string; color: TagColor }[]
  /** Folders that stay when they are empty. */
  folders: string[]
  searches: { name: string; query: unknown; sort: unknown }[]
}

/** The order of every connection of another library that has a place here (`map`: theirs to ours). */
export function otherOrders(other: Connection, map: Readonly<Record<string, string | null>>): OtherOrder[] {
  return other.all('SELECT no, id FROM profiles ORDER BY no').flatMap(({ no, id }) => {
    const profileId = map[String(id)]
    if (typeof profileId !== 'string') return []
    const texts = (sql: string): string[] => other.all(sql, [no!]).map((row) => String(Object.values(row)[0]))
    const tags = other.all("SELECT name, color FROM tags WHERE profile = ? AND color <> 'none'", [no!]).flatMap(({ name, color }) => {
      const known = TAG_COLORS.find((each) => each === color)
      return known === undefined ? [] : [{ name: String(name), color: known }]
    })
    const searches = other.all('SELECT name, query, sort FROM saved_searches WHERE profile = ? ORDER BY id', [no!])
    return [
      {
        profileId,
        favourites: texts('SELECT file_id FROM files INDEXED BY files_by_favourite WHERE profile = ? AND favourite = 1'),
        tags,
        folders: texts('SELECT path FROM folders WHERE profile = ?'),
        searches: searches.map(({ name, query, sort }) => ({ name: String(name), query: parse(query), sort: parse(sort) }))
      }
    ]
  })
}

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null
  } catch {
    return null
  }
}
