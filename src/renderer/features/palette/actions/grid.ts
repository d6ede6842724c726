import { Check, FileDown, FileUp, History, LayoutTemplate, Plus, Redo2, Replace, Undo2, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { navigate } from '../../../app/navigation.ts'
import { toastError } from '../../../components/index.ts'
import type { GridDialog } from '../../grid/dialogs.ts'
import { openGridDialog } from '../../grid/dialogs.ts'
import { useOpenGrid } from '../../grid/open.ts'
import type { Action } from '../action.ts'

/** The table of metadata, while it is open. Its own code is fetched already then. */
export function useGridActions(): Action[] {
  const { t } = useTranslation(['palette', 'grid'])
  const open = useOpenGrid((state) => state.open !== null)
  if (!open) return []
  const list: Action[] = []
  const add = (id: string, label: string, icon: LucideIcon, run: () => unknown, shortcut?: string): void => {
    list.push({
      id: `grid-${id}`,
      label,
      section: t('section.grid'),
      icon,
      ...(shortcut === undefined ? {} : { shortcut }),
      run() {
        navigate('files')
        Promise.resolve(run()).catch(toastError)
      }
    })
  }
  const dialog = (which: GridDialog) => (): void => openGridDialog(which)
  const session = (): Promise<typeof import('../../grid/session.ts')> => import('../../grid/session.ts')
  const csv = (): Promise<typeof import('../../grid/csv-files.ts')> => import('../../grid/csv-files.ts')
  add('review', t('action.gridReview'), Check, dialog({ type: 'review' }))
  add('undo', t('grid:undo'), Undo2, async () => (await session()).undo(), 'Mod+Z')
  add('redo', t('grid:redo'), Redo2, async () => (await session()).redo(), 'Mod+Y')
  add('key', t('grid:key.add'), Plus, dialog({ type: 'key', input: { type: 'add' } }))
  add('replace', t('grid:replace.open'), Replace, dialog({ type: 'replace' }))
  add('templates', t('grid:templates.open'), LayoutTemplate, dialog({ type: 'templates' }))
  add('export', t('grid:csv.export'), FileDown, async () => (await csv()).exportCsv(true, t('grid:csv.saved')))
  add('export-plain', t('grid:csv.exportPlain'), FileDown, async () => (await csv()).exportCsv(false, t('grid:csv.saved')))
  add('import', t('grid:csv.import'), FileUp, async () => (await csv()).importCsv())
  add('history', t('grid:history.open'), History, dialog({ type: 'history' }))
  add('close', t('grid:close'), X, async () => (await import('../../grid/leave.ts')).leaveGrid())
  return list
}
