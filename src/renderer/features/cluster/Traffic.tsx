import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { rateOf, seriesOf } from './history.ts'
import { useCluster } from './store.ts'

const WIDTH = 120
const HEIGHT = 20
const PARTS = 40

/** How much clients move through a group: rates of the last minutes, and a line since the window was opened. */
export function Traffic({ group }: { group: string }) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const history = useCluster((state) => state.history)
  const rate = rateOf(history, group)
  if (rate === null) return null
  const series = seriesOf(history, group, PARTS)
  const top = Math.max(1, ...series)
  const points = series.map((bytes, index) => `${(index * WIDTH) / (PARTS - 1)},${(HEIGHT - 1 - (bytes / top) * (HEIGHT - 2)).toFixed(1)}`)
  return (
    <p className="tabular m-0 ml-auto flex items-center gap-3 text-sm text-muted" data-testid="cluster-traffic">
      {points.length === 0 ? null : (
        <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" className="text-accent">
          <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
        </svg>
      )}
      <span>{t('traffic.in', { rate: format.rate(rate.inBytes) })}</span>
      <span>{t('traffic.out', { rate: format.rate(rate.outBytes) })}</span>
    </p>
  )
}
