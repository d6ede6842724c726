/** What was used lately comes first, until something is typed. */
import { recall, remember } from '../../app/layout.ts'
import type { Action } from './action.ts'

const KEPT = 5
const KEY = 'commands'

const isIds = (value: unknown): value is string[] => Array.isArray(value) && value.every((each) => typeof each === 'string')

export function noteUse(id: string): void {
  const before = recall(KEY, isIds) ?? []
  remember(KEY, [id, ...before.filter((each) => each !== id)].slice(0, KEPT))
}

/** Those that can be done now, the last one first. */
export function recentOf(actions: readonly Action[]): Action[] {
  return (recall(KEY, isIds) ?? []).flatMap((id) => actions.find((action) => action.id === id) ?? [])
}
