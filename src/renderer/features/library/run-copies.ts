import i18next from 'i18next'
import { call } from '../../api/client.ts'
import { toast, toastError } from '../../components/index.ts'
import { createFormat } from '../../i18n/format.ts'
import type { Language } from '../../i18n/index.ts'

/** Copies the library now. Resolves when that is over; a failure is told. */
export async function backUpNow(): Promise<void> {
  try {
    await call('library.backup', {})
    await i18next.loadNamespaces('library')
    toast({ kind: 'success', key: 'backup', title: i18next.t('library:backups.made') })
  } catch (error) {
    toastError(error)
  }
}

/** Writes the whole library into a file that the user chooses. Resolves when that is over; a failure is told. */
export async function exportLibrary(format: 'csv' | 'jsonl'): Promise<void> {
  try {
    const result = await call('library.export', { format })
    if (result === null) return
    await i18next.loadNamespaces('library')
    const number = createFormat(i18next.language as Language).number(result.rows)
    toast({ kind: 'success', key: 'export', title: i18next.t('library:export.done', { count: result.rows, number }), text: result.path })
  } catch (error) {
    toastError(error)
  }
}
