import i18next from 'i18next'
import { call } from '../../api/client.ts'
import { saveText } from '../../app/text-files.ts'
import { toast, toastError } from '../../components/index.ts'

/** The activity log, or the diagnostic file without names and secrets, where the user wants it. Resolves when that is over. */
export async function saveReport(what: 'activity' | 'diagnostics'): Promise<void> {
  try {
    const result = await call(what === 'activity' ? 'audit.export' : 'log.diagnostics', {})
    if (result.tag === 'text') saveText(result.name, result.text)
    await i18next.loadNamespaces('trail')
    if (result.tag === 'saved')
      toast({ kind: 'success', title: i18next.t(what === 'activity' ? 'trail:exported' : 'trail:diagnostics.saved'), text: result.path })
  } catch (error) {
    toastError(error)
  }
}
