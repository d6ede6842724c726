import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ClusterHistory, Traffic } from '../../../shared/model.ts'
import { useFormat } from '../../i18n/format.ts'

const WIDTH = 600
const HEIGHT = 72
/** For the number above the highest point. */
const HEADROOM = 20

const COLOURS = ['text-accent', 'text-success', 'text-warning'] as const
const DASHES = ['', '6 3', '2 3'] as const

/** Lines over the time that is known; told apart by colour and by dashes. */
function Plot({
  title,
  series,
  lines,
  now,
  rate,
  from,
  to
}: {
  title: string
  series: readonly Traffic[]
  lines: readonly (keyof Traffic)[]
  now: Traffic | null
  rate: (value: number) => string
  from: number
  to: number
}) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const top = Math.max(...lines.flatMap((key) => series.map((part) => part[key])))
  const y = (value: number): string => (HEIGHT - 2 - (top === 0 ? 0 : (value / top) * (HEIGHT - HEADROOM))).toFixed(1)
  const points = (key: keyof Traffic): string =>
    series.map((part, index) => `${((index * WIDTH) / (series.length - 1)).toFixed(1)},${y(part[key])}`).join(' ')
  const label = t('plot.label', { title, top: rate(top), from: format.time(from), to: format.time(to) })
  return (
    <figure className="m-0 flex min-w-0 flex-1 basis-80 flex-col gap-1" data-testid="cluster-plot">
      <figcaption className="flex flex-wrap items-baseline gap-x-4 text-sm text-muted">
        <span className="font-medium text-text">{title}</span>
        {lines.map((key, index) => (
          <span key={key} className="tabular inline-flex items-center gap-1.5">
            <svg width="18" height="6" aria-hidden="true" className={COLOURS[index]}>
              <line x1="0" y1="3" x2="18" y2="3" stroke="currentColor" strokeWidth="2" strokeDasharray={DASHES[index]} />
            </svg>
            {now === null ? t(`plot.line.${key}`) : `${t(`plot.line.${key}`)} ${rate(now[key])}`}
          </span>
        ))}
      </figcaption>
      <div className="relative rounded-md bg-sunken">
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="block h-18 w-full overflow-hidden rounded-md"
        >
          {lines.map((key, index) => (
            <polyline
              key={key}
              points={points(key)}
              fill="none"
              stroke="currentColor"
              strokeWidth="1.5"
              strokeDasharray={DASHES[index]}
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
              className={COLOURS[index]}
            />
          ))}
        </svg>
        <span className="tabular absolute top-0.5 left-1.5 text-xs text-muted">{rate(top)}</span>
      </div>
      <div className="tabular flex justify-between text-xs text-muted">
        <span>{format.time(from)}</span>
        <span>{format.time(to)}</span>
      </div>
    </figure>
  )
}

/** What clients did with a group in the last hours. */
export function Plots({ group, history }: { group: string; history: ClusterHistory | null }) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const known = history && Object.hasOwn(history.groups, group) ? history.groups[group] : undefined
  if (!history || !known || known.series.length < 2) return null
  const { series, rate } = known
  const perMinute = (value: number): string => t('plot.perMinute', { n: format.number(Math.round(value * 60)) })
  return (
    <details className="group border-b border-line px-4 py-2">
      <summary className="inline-flex list-none items-center gap-1 rounded-sm text-sm text-muted hover:text-text">
        <ChevronRight size={13} className="transition-transform group-open:rotate-90" aria-hidden="true" />
        {t('plot.title')}
      </summary>
      <div className="flex flex-wrap gap-x-6 gap-y-3 pt-2 pb-1">
        <Plot
          title={t('plot.data')}
          series={series}
          lines={['inBytes', 'outBytes']}
          now={rate}
          rate={format.rate}
          from={history.from}
          to={history.to}
        />
        <Plot
          title={t('plot.requests')}
          series={series}
          lines={['uploads', 'downloads', 'deletes']}
          now={rate}
          rate={perMinute}
          from={history.from}
          to={history.to}
        />
      </div>
    </details>
  )
}
