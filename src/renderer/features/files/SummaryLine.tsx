import { useTranslation } from 'react-i18next'
import type { SelectionSummary } from '../../../shared/contract.ts'
import { Spinner } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'

/** '12 files, 34 MB' */
export function SummaryLine({ summary }: { summary: SelectionSummary | null }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  if (summary === null) return <Spinner size={14} />
  const { count, sizeBytes, unknownSizes } = summary
  const files = t('title.count', { count, number: format.number(count) })
  if (unknownSizes === count) return <span className="tabular">{files}</span>
  return (
    <span className="tabular">
      {unknownSizes === 0
        ? t('summary.size', { files, size: format.bytes(sizeBytes) })
        : t('summary.sizeAtLeast', { files, size: format.bytes(sizeBytes) })}
    </span>
  )
}

/** The names of the first files, and how many more. */
export function SummaryNames({ summary }: { summary: SelectionSummary }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const more = summary.count - summary.names.length
  return (
    <ul className="m-0 flex list-none flex-col gap-0.5 rounded-lg bg-sunken px-3 py-2 text-text">
      {summary.names.map((name, index) => (
        <li key={`${index}-${name}`} className="truncate">
          {name}
        </li>
      ))}
      {more > 0 ? <li className="text-muted">{t('summary.more', { count: more, number: format.number(more) })}</li> : null}
    </ul>
  )
}
