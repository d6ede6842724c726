import { call } from '../../api/client.ts'
import type { Settings } from '../../../shared/contract.ts'
import { toastError } from '../../components/index.ts'

/** Settings are saved at once; what is shown follows the program's answer, which comes as an event. */
export function saveSettings(patch: Partial<Settings>): void {
  call('settings.set', patch).catch(toastError)
}
