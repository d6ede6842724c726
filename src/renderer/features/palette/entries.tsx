import { Search, Settings } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileRow } from '../../../shared/model.ts'
import { navigate } from '../../app/navigation.ts'
import { requestIn } from '../../app/view-request.ts'
import { useFormat } from '../../i18n/format.ts'
import { FileIcon, useFilesActions } from '../files/index.ts'
import type { Action } from './action.ts'
import { bestMatches } from './match.ts'
import { noteUse, recentOf } from './recent.ts'

/** One line of the palette. */
export interface Entry {
  id: string
  label: string
  detail: string
  icon: ReactNode
  shortcut?: string | undefined
  run(): void
}

export interface Group {
  id: 'recent' | 'actions' | 'files' | 'elsewhere'
  title: string
  entries: Entry[]
}

/** Who types a letter or two finds the rest by a third. */
const MOST = 30

/** What is offered for a text: actions, the files that were found for it, and other places to look for it. */
export function useGroups(actions: readonly Action[]): (text: string, rows: readonly FileRow[]) => Group[] {
  const { t } = useTranslation('palette')
  const format = useFormat()
  const files = useFilesActions()
  return useCallback(
    (text, rows) => {
      const typed = text.trim()
      const recent = typed === '' ? recentOf(actions) : []
      const matching = bestMatches(typed, actions).filter((action) => !recent.includes(action))
      const groups: Group[] = [
        { id: 'recent', title: t('section.recent'), entries: recent.map(entryOf) },
        { id: 'actions', title: t('section.actions'), entries: (typed === '' ? matching : matching.slice(0, MOST)).map(entryOf) },
        { id: 'files', title: t('section.files'), entries: rows.map(fileEntry) },
        { id: 'elsewhere', title: t('section.elsewhere'), entries: typed === '' ? [] : elsewhere(typed) }
      ]
      return groups.filter(({ entries }) => entries.length > 0)

      function fileEntry(row: FileRow): Entry {
        const size = row.sizeBytes === null ? '' : format.bytes(row.sizeBytes)
        return {
          id: `file-${row.id}`,
          label: row.name,
          detail: [row.folder === '' ? row.group : row.folder, size].filter(Boolean).join(' · '),
          icon: <FileIcon ext={row.ext} />,
          run() {
            navigate('files')
            void files.reveal(row)
          }
        }
      }
      function elsewhere(words: string): Entry[] {
        const inFiles = (): void => {
          files.setQuery({ text: words })
          navigate('files')
        }
        const icon = { size: 16, 'aria-hidden': true } as const
        return [
          { id: 'find-files', label: t('find.files', { text: words }), detail: '', icon: <Search {...icon} />, run: inFiles },
          {
            id: 'find-settings',
            label: t('find.settings', { text: words }),
            detail: '',
            icon: <Settings {...icon} />,
            run: () => requestIn('settings', `find:${words}`)
          }
        ]
      }
    },
    [actions, files, format, t]
  )
}

function entryOf({ icon: Icon, id, label, section, shortcut, run }: Action): Entry {
  return {
    id,
    label,
    detail: section,
    icon: <Icon size={16} aria-hidden="true" />,
    shortcut,
    run() {
      noteUse(id)
      run()
    }
  }
}
