import { toastError } from '../../components/index.ts'

/** Starts something that goes on by itself; only its failure is told here. */
export function runWriting(work: () => Promise<unknown>): void {
  work().catch(toastError)
}
