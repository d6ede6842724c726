import { useTranslation } from 'react-i18next'
import type { LibraryConflict } from '../../../shared/model.ts'
import { Segmented } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'

/** So many are drawn; the rule decides the others. */
const SHOWN = 200

/** Files about which both libraries know something else, to be decided one by one. */
export function Conflicts({
  conflicts,
  count,
  sideOf,
  onSide
}: {
  conflicts: readonly LibraryConflict[]
  count: number
  sideOf: (fileId: string) => 'mine' | 'theirs'
  onSide: (fileId: string, side: 'mine' | 'theirs') => void
}) {
  const { t } = useTranslation('library')
  const format = useFormat()
  const shown = conflicts.slice(0, SHOWN)
  return (
    <div className="flex flex-col gap-2">
      <ul className="m-0 max-h-72 list-none overflow-y-auto rounded-lg border border-line p-0">
        {shown.map((conflict) => (
          <li
            key={conflict.fileId}
            className="flex items-start gap-3 border-b border-line px-3 py-2 last:border-0"
            data-testid="merge-conflict"
          >
            <div className="min-w-0 flex-1">
              <p className="m-0 truncate font-medium" title={conflict.fileId}>
                {conflict.name}
              </p>
              {conflict.fields.map(({ field, mine, theirs }) => (
                <p key={field} className="m-0 truncate text-sm text-muted" title={`${mine} | ${theirs}`}>
                  {t(`merge.field.${field}`)}: {mine} | {theirs}
                </p>
              ))}
            </div>
            <Segmented
              label={t('merge.sideOf', { name: conflict.name })}
              value={sideOf(conflict.fileId)}
              onChange={(side) => onSide(conflict.fileId, side)}
              options={[
                { value: 'mine', label: t('merge.mineShort') },
                { value: 'theirs', label: t('merge.theirsShort') }
              ]}
            />
          </li>
        ))}
      </ul>
      {count > shown.length ? (
        <p className="m-0 text-sm text-muted">
          {t('merge.more', { count: count - shown.length, number: format.number(count - shown.length) })}
        </p>
      ) : null}
    </div>
  )
}
