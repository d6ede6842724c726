import { useTranslation } from 'react-i18next'
import type { StorageHistory, Traffic } from '../../../shared/model.ts'
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

/** What went on in a group or storage in the last hours; nothing while too little is known. */
export function Plots({ history: { from, to, rate, series } }: { history: StorageHistory }) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  if (series.length < 2) return null
  const perMinute = (value: number): string => t('plot.perMinute', { n: format.number(Math.round(value * 60)) })
  const time = { series, now: rate, from, to }
  return (
    <div className="flex flex-wrap gap-x-6 gap-y-3 pt-2 pb-1">
      <Plot title={t('plot.data')} lines={['inBytes', 'outBytes', 'syncBytes']} rate={format.rate} {...time} />
      <Plot title={t('plot.requests')} lines={['uploads', 'downloads', 'deletes']} rate={perMinute} {...time} />
    </div>
  )
}
