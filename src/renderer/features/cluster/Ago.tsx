import { useTranslation } from 'react-i18next'
import { useNow } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'

/** '3 seconds ago' of Unix milliseconds, kept true; the date for long ago. Clocks that run ahead count as now. */
export function Ago({ ms }: { ms: number }) {
  const { t } = useTranslation('cluster')
  const format = useFormat()
  const now = useNow(ms > 0 ? 1_000 : null)
  if (ms <= 0) return t('never')
  return (
    <time dateTime={new Date(ms).toISOString()} title={format.dateTime(ms)} className="tabular">
      {format.ago(Math.min(ms, now), now)}
    </time>
  )
}
