import { useFormat } from '../../i18n/format.ts'
import { useTrashCount } from './use-trash-count.ts'

/** How many files are in the trash, for the sidebar. */
export function TrashCount() {
  const format = useFormat()
  const count = useTrashCount()
  return count === 0 ? null : (
    <span className="tabular shrink-0 text-sm font-normal text-faint" data-testid="trash-badge">
      {format.number(count)}
    </span>
  )
}
