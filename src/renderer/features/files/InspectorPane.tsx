/** The pane beside the files. What it shows of a selection is fetched with the first selection. */
import { Suspense, lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { Art, EmptyState, ErrorState } from '../../components/index.ts'
import { selectedCount } from './selection.ts'
import { useFiles } from './context.tsx'
import { useSelectedRows } from './use-selected-rows.ts'

const Selected = lazy(async () => ({ default: (await import('./Inspector.tsx')).Selected }))

export function InspectorPane() {
  const { t } = useTranslation('files')
  const count = useFiles((state) => selectedCount(state.selection, state.total))
  const { rows, error } = useSelectedRows()
  return (
    <aside
      aria-label={t('inspector.label')}
      data-testid="inspector"
      data-tour="inspector"
      className="flex h-full flex-col overflow-y-auto bg-surface"
    >
      {error !== null ? (
        <ErrorState error={error} />
      ) : count === 0 || rows.length === 0 ? (
        <EmptyState className="flex-1" icon={<Art name="select" />} title={t('inspector.empty')} text={t('inspector.emptyText')} />
      ) : (
        <Suspense fallback={null}>
          <Selected rows={rows} count={count} />
        </Suspense>
      )}
    </aside>
  )
}
