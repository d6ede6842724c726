/** What the inspector says about the order of a file: its tags, and the files that belong to it. */
import { Pencil, Star } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileRow } from '../../../../shared/model.ts'
import { call } from '../../../api/client.ts'
import { ColorMark } from '../../../app/ProfileMark.tsx'
import { IconButton } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useFiles, useFilesActions } from '../context.tsx'
import { FileIcon } from '../file-types.tsx'
import { useCommands } from '../use-commands.ts'

/** Tags of what is selected; those that only some of the files have are fainter. */
export function TagLine({ rows }: { rows: readonly FileRow[] }) {
  const { t } = useTranslation(['order', 'files'])
  const commands = useCommands()
  const known = useFiles((state) => state.tags)
  const names = [...new Set(rows.flatMap((row) => row.tags))]
  const favourite = rows.every((row) => row.favourite)
  return (
    <div className="flex items-center gap-1.5 border-t border-line px-4 py-2" data-testid="inspector-tags">
      <div className="flex min-w-0 flex-1 flex-wrap gap-1.5">
        {names.length === 0 ? <span className="text-sm text-faint">{t('tag.none')}</span> : null}
        {names.map((name) => (
          <span
            key={name}
            className={`flex h-6 min-w-0 items-center gap-1.5 rounded-md bg-sunken px-2 text-sm ${rows.every((row) => row.tags.includes(name)) ? 'text-text' : 'text-muted italic'}`}
          >
            <ColorMark color={known.find((tag) => tag.name === name)?.color ?? 'none'} className="size-2" />
            <span className="truncate">{name}</span>
          </span>
        ))}
      </div>
      <IconButton
        size="sm"
        label={t('files:command.tag')}
        shortcut="Alt+T"
        icon={<Pencil size={13} aria-hidden="true" />}
        onClick={commands.tag}
      />
      <IconButton
        size="sm"
        label={favourite ? t('files:star.remove') : t('files:star.add')}
        shortcut="Alt+S"
        aria-pressed={favourite}
        {...(favourite ? { tone: 'text-mark-yellow' } : {})}
        icon={<Star size={14} fill={favourite ? 'currentColor' : 'none'} aria-hidden="true" />}
        onClick={commands.favourite}
      />
    </div>
  )
}

/** The master of a slave and the slaves of a master; nothing for a file that stands alone. */
export function Family({ row }: { row: FileRow }) {
  const { t } = useTranslation('order')
  const format = useFormat()
  const actions = useFilesActions()
  const [found, setFound] = useState<{ id: number; rows: FileRow[] } | null>(null)
  useEffect(() => {
    let current = true
    // A file is shown without its family rather than with an error about it.
    call('order.family', { id: row.id }).then(
      (rows) => current && setFound({ id: row.id, rows }),
      () => undefined
    )
    return () => {
      current = false
    }
  }, [row.id])
  const rows = found?.id === row.id ? found.rows : []
  if (rows.length === 0) return null
  const part = (title: string, list: readonly FileRow[]) =>
    list.length === 0 ? null : (
      <>
        <h4 className="m-0 mt-1 text-sm font-normal text-muted">{title}</h4>
        <ul className="m-0 list-none p-0">
          {list.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                aria-label={t('family.show', { name: one.name })}
                onClick={() => actions.setQuery({ text: one.fileId })}
                className="flex min-h-7 w-full items-center gap-2 rounded-md px-1 text-left text-base hover:bg-hover"
              >
                <FileIcon ext={one.ext} className="shrink-0 text-muted" />
                <span className="min-w-0 flex-1 truncate">{one.name}</span>
                <span className="tabular shrink-0 text-sm text-muted">{one.sizeBytes === null ? '' : format.bytes(one.sizeBytes)}</span>
              </button>
            </li>
          ))}
        </ul>
      </>
    )
  return (
    <section aria-label={t('family.title')} className="border-t border-line px-4 py-3.5" data-testid="family">
      <h3 className="m-0 mb-1 text-base font-semibold">{t('family.title')}</h3>
      {part(
        t('family.master'),
        rows.filter((one) => one.kind !== 'slave')
      )}
      {part(
        t('family.slaves'),
        rows.filter((one) => one.kind === 'slave')
      )}
    </section>
  )
}
