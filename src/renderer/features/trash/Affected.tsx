import { useTranslation } from 'react-i18next'
import type { AffectedFiles } from '../../../shared/model.ts'
import { Checkbox } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'

/** Who else uses files that are to be deleted: their slaves, and everybody with a link. `days`: how long the trash keeps them, 0 = not at all. */
export function Affected({
  affected,
  days,
  withSlaves,
  onWithSlaves
}: {
  affected: AffectedFiles | null
  days: number
  withSlaves: boolean
  onWithSlaves: (chosen: boolean) => void
}) {
  const { t } = useTranslation('trash')
  const format = useFormat()
  if (affected === null) return null
  const { slaveIds, slaveNames, complete, linkBases } = affected
  const count = slaveIds.length
  if (count === 0 && linkBases.length === 0) return null
  return (
    <div className="flex flex-col gap-2 rounded-lg bg-warning-soft px-3 py-2.5 text-text" data-testid="delete-affected">
      {count === 0 ? null : (
        <Checkbox
          checked={withSlaves}
          onChange={onWithSlaves}
          hint={`${format.list(slaveNames)}${count > slaveNames.length ? ' …' : ''}${complete ? '' : ` ${t('delete.incomplete')}`}`}
        >
          {t('delete.slaves', { count, number: format.number(count) })}
        </Checkbox>
      )}
      {linkBases.length === 0 ? null : (
        <p className="m-0 break-all">
          {days === 0
            ? t('delete.linksNow', { bases: format.list(linkBases) })
            : t('delete.linksLater', { count: days, bases: format.list(linkBases) })}
        </p>
      )}
    </div>
  )
}
