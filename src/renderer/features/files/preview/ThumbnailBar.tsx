import { TriangleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../../api/client.ts'
import { Button, IconButton, Spinner, toastError } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useThumbnailWork } from './use-thumbnail-work.ts'

const ROW = 'flex items-center gap-3 border-t border-line px-4 py-2'
const stop = (): void => void call('thumbnails.stop', {}).catch(toastError)

function Bar({ waiting, failed }: { waiting: number; failed: number }) {
  const { t } = useTranslation(['files', 'common'])
  const format = useFormat()
  useEffect(() => {
    if (waiting === 0) return
    // What makes them is fetched with the first of them.
    import('./thumbnail-maker.ts').then(({ makeThumbnails }) => makeThumbnails(), toastError)
  }, [waiting])
  return waiting > 0 ? (
    <div className={ROW} data-testid="thumbnail-work" role="status">
      <Spinner size={14} className="text-accent" />
      <span className="tabular min-w-0 flex-1 truncate">{t('thumbnails.waiting', { count: waiting, number: format.number(waiting) })}</span>
      <Button size="sm" onClick={stop}>
        {t('thumbnails.stop')}
      </Button>
    </div>
  ) : (
    <div className={ROW} role="status">
      <TriangleAlert size={15} className="shrink-0 text-warning" aria-hidden="true" />
      <span className="min-w-0 flex-1 truncate">{t('thumbnails.failed', { count: failed, number: format.number(failed) })}</span>
      <IconButton size="sm" label={t('common:action.dismiss')} icon={<X size={14} aria-hidden="true" />} onClick={stop} />
    </div>
  )
}

/** Small pictures on their way to the servers: as long as a window is open, it makes them. */
export function ThumbnailBar() {
  const work = useThumbnailWork()
  return work === null || work.waiting + work.failed === 0 ? null : <Bar {...work} />
}
