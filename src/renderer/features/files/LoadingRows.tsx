import { useTranslation } from 'react-i18next'
import { cx } from '../../components/index.ts'

const WIDTHS = ['w-56', 'w-40', 'w-64', 'w-48', 'w-36', 'w-52', 'w-60', 'w-44', 'w-56', 'w-40']

/** The shape of what is coming. */
export function LoadingRows() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('progress.loading')} className="flex animate-pulse flex-col pt-7.5">
      {WIDTHS.map((width, index) => (
        <div key={`${index}-${width}`} className="flex h-8.5 items-center gap-3 px-3">
          <span className="size-4 rounded-sm bg-active" />
          <span className={cx('h-2.5 rounded-full bg-active', width)} />
          <span className="ml-auto h-2.5 w-14 rounded-full bg-active" />
          <span className="h-2.5 w-24 rounded-full bg-active" />
        </div>
      ))}
    </div>
  )
}
