/** What the command palette offers: one thing that can be done now. */
import type { LucideIcon } from 'lucide-react'

export interface Action {
  /** Stable: what was used lately is remembered by it. */
  id: string
  label: string
  /** What it belongs to; shown beside it. */
  section: string
  icon: LucideIcon
  shortcut?: string
  /** Other words for it, which find it as well. */
  also?: string
  /** Offered to who types a part of its name; there are too many of its kind to list. */
  typedOnly?: boolean
  /** What is done, where the label also names what it is done to: who types only that means the thing itself. */
  verb?: string
  run(): void
}
