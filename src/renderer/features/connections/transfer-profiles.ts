/** Connections as a file, out and in. */
import i18next from 'i18next'
import { call } from '../../api/client.ts'
import { toast, toastError } from '../../components/index.ts'
import { pickTextFiles, saveText } from '../../app/text-files.ts'

export function exportProfiles(): void {
  call('profiles.export', {})
    .then((result) => {
      if (result.tag === 'text') saveText(result.name, result.text)
      if (result.tag === 'saved') toast({ kind: 'success', title: i18next.t('connections:file.exported'), text: result.path })
    })
    .catch(toastError)
}

export function importProfiles(): void {
  pickTextFiles('.json,application/json')
    .then(async (files) => {
      let added = 0
      let known = 0
      for (const { text } of files) {
        const result = await call('profiles.import', { text })
        added += result.added
        known += result.known
      }
      if (files.length === 0) return
      const title = i18next.t('connections:file.imported', { count: added })
      toast({ kind: 'success', title, ...(known === 0 ? {} : { text: i18next.t('connections:file.known', { count: known }) }) })
    })
    .catch(toastError)
}
