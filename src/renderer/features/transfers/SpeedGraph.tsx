import { useTranslation } from 'react-i18next'
import { cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { spanOf, speedPaths, useSpeed } from './speed.ts'
import { ALL } from './store.ts'

const WIDTH = 240
const HEIGHT = 44

/** The speed of the last two minutes; nothing until there is something to draw. */
export function SpeedGraph({ batchId = ALL, small = false }: { batchId?: number; small?: boolean }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const rates = useSpeed((state) => state.of[batchId])
  const paths = rates === undefined ? null : speedPaths(rates, WIDTH, HEIGHT)
  if (rates === undefined || paths === null) return null
  const facts = { peak: format.rate(paths.peak), now: format.rate(rates.at(-1) ?? 0), time: format.duration(spanOf(rates)) }
  return (
    <figure className={cx('m-0 flex shrink-0 flex-col', small ? 'w-24' : 'w-60')} data-testid="speed-graph">
      <svg
        role="img"
        aria-label={t('speed.label', facts)}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={cx('w-full overflow-visible text-accent', small ? 'h-5' : 'h-11 border-b border-line')}
      >
        <path d={paths.area} fill="currentColor" opacity={0.14} />
        <path d={paths.line} fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
      </svg>
      {small ? null : (
        <figcaption className="tabular mt-1 flex justify-between text-sm text-muted" aria-hidden="true">
          <span>{t('speed.span', facts)}</span>
          <span>{t('speed.peak', facts)}</span>
        </figcaption>
      )}
    </figure>
  )
}
