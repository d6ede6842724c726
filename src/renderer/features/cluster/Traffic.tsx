import { useTranslation } from 'react-i18next'
import type { Traffic as Rates } from '../../../shared/model.ts'
import { useFormat } from '../../i18n/format.ts'

const WIDTH = 120
const HEIGHT = 20

/** How much clients move through a group: rates of the last minutes, and a line of the time that is known. */
export function Traffic({ rate, series }: { rate: Rates; series: readonly Rates[] }) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const sums = series.map(({ inBytes, outBytes }) => inBytes + outBytes)
  const top = Math.max(1, ...sums)
  const points = sums.map(
    (bytes, index) => `${(index * WIDTH) / (sums.length - 1)},${(HEIGHT - 1 - (bytes / top) * (HEIGHT - 2)).toFixed(1)}`
  )
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
