import { Clock, Copy, FileQuestion, Star } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { FileQuery, FileSort } from '../../../../shared/model.ts'

interface LibraryViewEntry {
  id: 'recent' | 'favourites' | 'duplicates' | 'missing'
  icon: LucideIcon
  query: FileQuery
  sort?: FileSort
}

/** The looks at the whole library that everybody has. */
export const LIBRARY_VIEWS: readonly LibraryViewEntry[] = [
  { id: 'recent', icon: Clock, query: { text: 'added:7d' }, sort: { key: 'addedAt', descending: true } },
  { id: 'favourites', icon: Star, query: { text: 'is:favourite' } },
  { id: 'duplicates', icon: Copy, query: { text: 'is:duplicate' }, sort: { key: 'copies', descending: true } },
  { id: 'missing', icon: FileQuestion, query: { text: 'is:missing' } }
]
