import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileRow } from '../../../shared/model.ts'
import { toastError } from '../../components/index.ts'
import { useFilesActions } from './context.tsx'

/** Stable, so that React calls it once: when the field appears. The ending stays as it is, as in every file manager. */
const focusName = (field: HTMLInputElement | null): void => {
  if (field === null) return
  field.focus()
  const dot = field.value.lastIndexOf('.')
  field.setSelectionRange(0, dot > 0 ? dot : field.value.length)
}

/** The name of a file while it is being changed, in the table and among the pictures. */
export function NameEditor({ row }: { row: FileRow }) {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const settled = useRef(false)
  const finish = (name: string, field: HTMLInputElement): void => {
    if (settled.current) return
    settled.current = true
    if (name === '' || name === row.name) return actions.setRenaming(null)
    actions.rename(row.id, name).catch((error: unknown) => {
      toastError(error)
      settled.current = false
      field.focus()
    })
  }
  const toTable = (field: HTMLInputElement): void => field.closest<HTMLElement>('[role=grid], [role=listbox]')?.focus()
  return (
    <input
      ref={focusName}
      aria-label={t('table.renameLabel', { name: row.name })}
      defaultValue={row.name}
      spellCheck={false}
      onKeyDown={(event) => {
        event.stopPropagation()
        const field = event.currentTarget
        if (event.key === 'Enter') {
          finish(field.value.trim(), field)
          toTable(field)
        }
        if (event.key === 'Escape') {
          settled.current = true
          actions.setRenaming(null)
          toTable(field)
        }
      }}
      onBlur={(event) => finish(event.currentTarget.value.trim(), event.currentTarget)}
      className="h-6 min-w-0 flex-1 rounded-sm border border-accent bg-surface px-1.5 text-base text-text outline-none select-text"
    />
  )
}
