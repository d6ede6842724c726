import {
  Archive,
  CircleHelp,
  FileHeart,
  FileInput,
  FileOutput,
  Footprints,
  GitMerge,
  Images,
  Link2,
  Pencil,
  Plug,
  Plus,
  RefreshCw,
  Scale,
  ScrollText,
  Stethoscope,
  Trash2,
  Undo2
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { call, client } from '../../../api/client.ts'
import { activeProfile, useInfo } from '../../../app/app-info.ts'
import { requestConnection } from '../../../app/connection-request.ts'
import { requestDiagnosis } from '../../../app/diagnosis-request.ts'
import { navigate } from '../../../app/navigation.ts'
import { openOverlay } from '../../../app/overlays.ts'
import { requestIn } from '../../../app/view-request.ts'
import { toastError } from '../../../components/index.ts'
import { refreshCluster } from '../../cluster/store.ts'
import { addSamples } from '../../files/add-samples.ts'
import { backUpNow, exportLibrary } from '../../library/run-copies.ts'
import { saveReport } from '../../settings/save-reports.ts'
import type { Action } from '../action.ts'

/** Everything that is not about single files or transfers: connections, cluster, trash, the library as a whole, help. */
export function useProgramActions(): Action[] {
  const { t } = useTranslation(['palette', 'common', 'connections', 'trash', 'library', 'trail', 'desktop', 'files'])
  const profiles = useInfo((info) => info.profiles)
  const active = useInfo(activeProfile)
  const trashed = active?.readOnly !== true
  const list: Action[] = []
  const to =
    (section: string) =>
    (id: string, label: string, icon: LucideIcon, run: () => void, more: Pick<Action, 'also' | 'shortcut'> = {}): void => {
      list.push({ id, label, section, icon, run, ...more })
    }

  const connection = to(t('section.connections'))
  for (const profile of profiles) {
    if (profile.id === active?.id) continue
    const name = profile.builtIn ? t('common:connection.builtIn') : profile.name
    const use = (): void => void call('profiles.activate', { id: profile.id }).catch(toastError)
    connection(`use-${profile.id}`, t('action.connect', { name }), Plug, use, { also: t('also.connect') })
  }
  connection('test-connection', t('action.testConnection'), Stethoscope, () => requestDiagnosis(), { also: t('also.test') })
  connection('new-connection', t('action.newConnection'), Plus, () => requestConnection('new'), { also: t('also.connect') })
  connection('edit-connection', t('action.editConnection'), Pencil, () => requestIn('connections', 'edit'))
  connection('import-conf', t('action.importConf'), FileInput, () => requestConnection('conf'), { also: 'client.conf' })
  connection('connection-link', t('action.connectionLink'), Link2, () => requestIn('connections', 'link'))
  const files = (): Promise<typeof import('../../connections/transfer-profiles.ts')> => import('../../connections/transfer-profiles.ts')
  connection('import-connections', t('connections:file.import'), FileInput, () => {
    files().then(({ importProfiles }) => importProfiles(), toastError)
  })
  if (profiles.some((profile) => !profile.builtIn))
    connection('export-connections', t('connections:file.export'), FileOutput, () => {
      files().then(({ exportProfiles }) => exportProfiles(), toastError)
    })

  to(t('common:nav.cluster'))('refresh-cluster', t('action.refreshCluster'), RefreshCw, () => {
    navigate('cluster')
    void refreshCluster(client())
  })

  const library = to(t('section.library'))
  if (trashed) {
    library('restore-all', t('action.restoreAll'), Undo2, () => requestIn('trash', 'restore'))
    library('empty-trash', t('action.emptyTrash'), Trash2, () => requestIn('trash', 'empty'))
  }
  library('backup', t('action.backup'), Archive, () => void backUpNow(), { also: t('also.backup') })
  library('export-csv', t('action.exportLibrary', { format: 'CSV' }), FileOutput, () => void exportLibrary('csv'))
  library('export-jsonl', t('action.exportLibrary', { format: 'JSON Lines' }), FileOutput, () => void exportLibrary('jsonl'))
  library('merge', t('action.merge'), GitMerge, () => requestIn('settings', `find:${t('library:merge.label')}`))
  if (active?.builtIn === true)
    library('samples', t('files:empty.samples'), Images, () => {
      navigate('files')
      addSamples()
    })

  const help = to(t('section.help'))
  help('activity', t('action.activity'), ScrollText, () => openOverlay('activity'), { also: t('also.activity') })
  help('export-activity', t('action.exportActivity'), FileOutput, () => void saveReport('activity'))
  help('diagnostics', t('action.diagnostics'), FileHeart, () => void saveReport('diagnostics'), { also: t('also.diagnostics') })
  help('licences', t('desktop:licences.open'), Scale, () => openOverlay('licences'))
  help('tour', t('action.tour'), Footprints, () => {
    navigate('files')
    openOverlay('tour')
  })
  help('shortcuts', t('shortcuts.title'), CircleHelp, () => openOverlay('shortcuts'), { shortcut: '?', also: t('also.shortcuts') })
  return list
}
