/** Which question about transfers is open; the bar at the bottom, which is always there, shows it. */
import { create } from 'zustand'

export type Question =
  | { tag: 'none' }
  | { tag: 'cancelBatch'; batchId: number }
  | { tag: 'cancelAll' }
  | { tag: 'conflicts'; batchId: number }

export const useQuestion = create<{ question: Question }>()(() => ({ question: { tag: 'none' } }))

export function ask(question: Question): void {
  useQuestion.setState({ question })
}
