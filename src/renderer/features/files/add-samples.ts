import { call } from '../../api/client.ts'
import { toastError } from '../../components/index.ts'

/** Fills the library of the built-in cluster with files to try everything on. They appear as they are stored. */
export function addSamples(): void {
  call('samples.add', {}).catch(toastError)
}
