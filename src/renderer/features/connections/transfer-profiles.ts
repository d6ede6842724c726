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
      for (const { text } of files) added += (await call('profiles.import', { text })).added
      if (files.length > 0) toast({ kind: 'success', title: i18next.t('connections:file.imported', { count: added }) })
    })
    .catch(toastError)
}
