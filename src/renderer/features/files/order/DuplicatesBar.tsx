import { CopyCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DuplicateSummary } from '../../../../shared/model.ts'
import { call } from '../../../api/client.ts'
import { Button, Menu, toastError } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useFiles, useFilesActions } from '../context.tsx'

/** What the duplicates below cost, and the way to select all of them but one of each. */
export function DuplicatesBar() {
  const { t } = useTranslation('order')
  const format = useFormat()
  const actions = useFilesActions()
  const version = useFiles((state) => state.view)
  const [summary, setSummary] = useState<DuplicateSummary | null>(null)
  useEffect(() => {
    let current = true
    call('order.duplicates', {}).then((found) => current && setSummary(found), toastError)
    return () => {
      current = false
    }
  }, [version])
  const select = (keep: 'oldest' | 'newest'): void => {
    call('order.spareCopies', { keep }).then(actions.selectIds, toastError)
  }
  if (summary === null) return null
  const { contents, wastedBytes } = summary
  return (
    <div className="flex min-h-10 shrink-0 items-center gap-3 border-b border-line bg-bg px-3 py-1.5" data-testid="duplicates">
      <p className="m-0 min-w-0 flex-1 text-base" role="status">
        {contents === 0
          ? t('duplicates.none')
          : t('duplicates.summary', { count: contents, number: format.number(contents), size: format.bytes(wastedBytes) })}{' '}
        <span className="text-muted">{t('duplicates.hint')}</span>
      </p>
      {contents === 0 ? null : (
        <Menu
          align="end"
          items={[
            { label: t('duplicates.oldest'), onSelect: () => select('oldest') },
            { label: t('duplicates.newest'), onSelect: () => select('newest') }
          ]}
          trigger={
            <Button size="sm" icon={<CopyCheck size={14} aria-hidden="true" />}>
              {t('duplicates.select')}
            </Button>
          }
        />
      )}
    </div>
  )
}
