import { useTranslation } from 'react-i18next'
import { Badge } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { unfinished, useTransfers } from './store.ts'

/** How many transfers are not over yet; nothing when none is. */
export function NavBadge() {
  const { t } = useTranslation('transfers')
  const format = useFormat()
  const count = useTransfers((state) => unfinished(state.totals.counts))
  if (count === 0) return null
  return (
    <Badge tone="accent">
      <span data-testid="transfers-badge" aria-hidden="true">
        {format.number(count)}
      </span>
      <span className="sr-only">{t('badge', { count, n: format.number(count) })}</span>
    </Badge>
  )
}
