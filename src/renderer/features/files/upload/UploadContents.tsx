import { CopyCheck } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { IntakeLook } from '../../../../shared/contract.ts'
import type { Dropped } from '../../../api/dropped-files.ts'
import { Spinner } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'

const SHOWN = 5

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

/** Names of what was dropped itself: files, and folders with all that is in them. */
export function topNames(dropped: Dropped): string[] {
  return dropped.kind === 'paths' ? dropped.paths.map(nameOf) : [...new Set(dropped.files.map(({ path }) => path.split('/')[0] ?? path))]
}

/** What was dropped, in a line or a few: how much it is, what it is called, what is in the library already. */
export function UploadContents({ dropped, look, looking }: { dropped: Dropped; look: IntakeLook | null; looking: boolean }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const names = useMemo(() => topNames(dropped), [dropped])
  const items = dropped.kind === 'files' ? dropped.files.length : dropped.paths.length
  const files = look === null ? null : t('title.count', { count: look.files, number: format.number(look.files) })
  const label =
    look === null || files === null
      ? t('upload.items', { count: items, number: format.number(items) })
      : t(look.complete || dropped.kind === 'files' ? 'summary.size' : 'summary.sizeAtLeast', { files, size: format.bytes(look.bytes) })
  if (items === 0 && (dropped.kind === 'paths' || dropped.unread.length === 0))
    return <p className="m-0 text-muted">{t('upload.nothing')}</p>
  return (
    <div className="flex flex-col gap-1 rounded-lg bg-sunken px-3 py-2.5">
      <span className="flex items-center gap-2">
        <span className="tabular font-medium" data-testid="upload-summary">
          {label}
        </span>
        {looking ? <Spinner size={12} /> : null}
      </span>
      <span className="line-clamp-2 text-sm break-all text-muted">
        {format.list(names.slice(0, SHOWN))}
        {names.length > SHOWN ? ` ${t('summary.more', { count: names.length - SHOWN, number: format.number(names.length - SHOWN) })}` : ''}
      </span>
      {look === null || look.duplicates === 0 ? null : (
        <span className="mt-1 flex items-start gap-1.5 text-sm text-warning" role="status" data-testid="upload-duplicates">
          <CopyCheck size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
          <span className="line-clamp-2 break-all">
            {t('upload.duplicates', {
              count: look.duplicates,
              number: format.number(look.duplicates),
              names: format.list(look.duplicateNames)
            })}
          </span>
        </span>
      )}
      {dropped.kind === 'files' && dropped.unread.length > 0 ? (
        <span className="mt-1 text-sm text-danger" role="alert">
          {t('upload.unread', { count: dropped.unread.length, names: format.list(dropped.unread.slice(0, 3)) })}
        </span>
      ) : null}
    </div>
  )
}
