import { Suspense, lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, useNavigation } from '../../app/navigation.ts'
import { useFiles, useFilesActions } from './context.tsx'
import { useOpenGrid } from '../grid/open.ts'
import { isFiltered } from './store.ts'

// Fetched when the library has something to order.
const LibrarySections = lazy(async () => ({ default: (await import('./order/LibrarySections.tsx')).LibrarySections }))

/** The whole library, without any filter. */
export function useLibraryHome(): { isHome: boolean; open: () => void } {
  const actions = useFilesActions()
  const isHome = useFiles((state) => state.title === null && Object.keys(state.query).every((key) => key === 'text'))
  const any = useFiles((state) => isFiltered(state.query))
  return {
    isHome,
    open: () => {
      if (any) actions.setQuery({})
      // Coming from another view, the grid is where one was.
      else if (useOpenGrid.getState().open !== null && useNavigation.getState().view === 'files')
        void import('../grid/leave.ts').then(({ leaveGrid }) => leaveGrid())
    }
  }
}

/** Shows the files of one batch of transfers, or of another query. */
export function useShowInLibrary(): (query: { batchId?: number; folder?: string }) => void {
  const actions = useFilesActions()
  return (query) => {
    actions.setQuery(query)
    navigate('files')
  }
}

/** The library's part of the sidebar. */
export function LibraryNav() {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const any = useFiles(({ folders, groups, tags, searches }) => folders.length + groups.length + tags.length + searches.length > 0)
  const failed = useFiles((state) => state.foldersError)
  return (
    <>
      {failed === null ? null : (
        <button
          type="button"
          onClick={actions.refresh}
          className="mb-3 w-full rounded-md bg-danger-soft px-2 py-1.5 text-left text-sm text-danger"
        >
          {t('nav.failed')}
        </button>
      )}
      {any ? (
        <Suspense fallback={null}>
          <LibrarySections />
        </Suspense>
      ) : null}
    </>
  )
}
