import { Popover } from '@base-ui/react/popover'
import { Copy, Download, FileArchive, ListFilter, Table2, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileKind, FileQuery, FileState } from '../../../shared/model.ts'
import { Button, Field, IconButton, Menu, Select, TextField } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles, useFilesActions } from './context.tsx'
import { selectedCount } from './selection.ts'
import { useCommands } from './use-commands.ts'
import { useCopyEntries } from './use-file-menu.tsx'

const KINDS = ['normal', 'appender', 'slave', 'trunk'] as const
const STATES = ['present', 'syncing', 'missing', 'deleted'] as const
const ANY = 'any'

function GroupFilter() {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const groups = useFiles((state) => state.groups)
  const group = useFiles((state) => state.query.group ?? '')
  const names = groups.map((each) => each.group)
  const all = group === '' || names.includes(group) ? names : [...names, group]
  return (
    <Select
      ghost
      label={t('filter.group')}
      testId="filter-group"
      className="min-w-16"
      value={group}
      onChange={(next) => actions.patchQuery({ group: next === '' ? undefined : next })}
      options={[{ value: '', label: t('filter.allGroups') }, ...all.map((name) => ({ value: name, label: name }))]}
    />
  )
}

function Filters() {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const query = useFiles((state) => state.query)
  const [ext, setExt] = useState(query.ext ?? '')
  const applyExt = (): void => actions.patchQuery({ ext: ext.trim().replace(/^\.+/, '').toLowerCase() })
  return (
    <form
      className="flex w-64 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        applyExt()
      }}
    >
      <Field label={t('filter.ext')} hint={t('filter.extHint')}>
        <TextField value={ext} onChange={setExt} onBlur={applyExt} placeholder="jpg" maxLength={32} />
      </Field>
      <Field label={t('filter.kind')}>
        <Select
          value={query.kind ?? ANY}
          onChange={(next) => actions.patchQuery({ kind: next === ANY ? undefined : next })}
          options={[
            { value: ANY, label: t('filter.anyKind') },
            ...KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`), hint: t(`kindHint.${kind}`) }))
          ]}
        />
      </Field>
      <Field label={t('filter.state')}>
        <Select
          value={query.state ?? ANY}
          onChange={(next) => actions.patchQuery({ state: next === ANY ? undefined : next })}
          options={[{ value: ANY, label: t('filter.anyState') }, ...STATES.map((state) => ({ value: state, label: t(`state.${state}`) }))]}
        />
      </Field>
    </form>
  )
}

/** A filter that is on, and the way to turn it off. */
function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const { t } = useTranslation('files')
  return (
    <span className="flex h-6 min-w-0 items-center gap-0.5 rounded-md bg-accent-soft pl-2 text-sm text-accent">
      <span className="max-w-40 truncate">{label}</span>
      <button
        type="button"
        aria-label={t('filter.remove', { name: label })}
        onClick={onRemove}
        className="flex size-6 items-center justify-center rounded-md hover:bg-selection"
      >
        <X size={12} aria-hidden="true" />
      </button>
    </span>
  )
}

function useChips(): { key: keyof FileQuery; label: string; clear: Partial<FileQuery> }[] {
  const { t } = useTranslation('files')
  const query = useFiles((state) => state.query)
  const chips: { key: keyof FileQuery; label: string; clear: Partial<FileQuery> }[] = []
  if (query.batchId !== undefined) chips.push({ key: 'batchId', label: t('filter.batch'), clear: { batchId: undefined } })
  if (query.folder !== undefined)
    chips.push({
      key: 'folder',
      label: query.folder === '' ? t('filter.noFolder') : query.folder,
      clear: { folder: undefined, recursive: undefined }
    })
  if (query.ext !== undefined) chips.push({ key: 'ext', label: `.${query.ext}`, clear: { ext: undefined } })
  if (query.kind !== undefined) chips.push({ key: 'kind', label: t(`kind.${query.kind satisfies FileKind}`), clear: { kind: undefined } })
  if (query.state !== undefined)
    chips.push({ key: 'state', label: t(`state.${query.state satisfies FileState}`), clear: { state: undefined } })
  return chips
}

export function FilterBar() {
  const { t } = useTranslation(['files', 'grid'])
  const format = useFormat()
  const actions = useFilesActions()
  const commands = useCommands()
  const copies = useCopyEntries(commands)
  const chips = useChips()
  const count = useFiles((state) => selectedCount(state.selection, state.total))
  const { any, writable } = commands
  return (
    <div className="@container shrink-0 border-y border-line">
      <div className="flex h-10 items-center gap-1 px-2">
        <GroupFilter />
        <Popover.Root>
          <Popover.Trigger
            render={
              <Button variant="ghost" icon={<ListFilter size={15} className="text-faint" aria-hidden="true" />} data-testid="filter-more">
                <span className="@max-[30rem]:sr-only">{t('filter.more')}</span>
              </Button>
            }
          />
          <Popover.Portal>
            <Popover.Positioner className="z-30" sideOffset={6} align="start">
              <Popover.Popup aria-label={t('filter.more')} className="pop rounded-lg bg-raised p-3.5 shadow-pop outline-none">
                <Filters />
              </Popover.Popup>
            </Popover.Positioner>
          </Popover.Portal>
        </Popover.Root>
        <div className="flex min-w-0 flex-1 items-center gap-1.5 overflow-hidden">
          {chips.map((chip) => (
            <Chip key={chip.key} label={chip.label} onRemove={() => actions.patchQuery(chip.clear)} />
          ))}
        </div>
        <div role="toolbar" aria-label={t('selection.actions')} className="flex shrink-0 items-center gap-0.5">
          {any ? (
            <>
              <span className="tabular mr-1 text-sm whitespace-nowrap text-muted @max-[26rem]:sr-only" data-testid="selected-count">
                {t('selection.count', { count, number: format.number(count) })}
              </span>
              <IconButton
                size="sm"
                label={t('selection.clear')}
                shortcut="Escape"
                icon={<X size={14} aria-hidden="true" />}
                onClick={actions.clearSelection}
              />
              <span className="mx-1.5 h-4 w-px bg-line" />
            </>
          ) : null}
          <IconButton
            label={t('command.download')}
            disabled={!any}
            icon={<Download size={16} aria-hidden="true" />}
            onClick={commands.download}
          />
          <IconButton label={t('command.zip')} disabled={!any} icon={<FileArchive size={16} aria-hidden="true" />} onClick={commands.zip} />
          <IconButton
            label={t('grid:open')}
            data-testid="open-grid"
            icon={<Table2 size={16} aria-hidden="true" />}
            onClick={commands.editMetadata}
          />
          <Menu
            align="end"
            items={copies}
            trigger={<IconButton label={t('command.copy')} disabled={!any} icon={<Copy size={16} aria-hidden="true" />} />}
          />
          <IconButton
            label={writable ? t('command.delete') : t('readOnly')}
            shortcut="Delete"
            disabled={!any || !writable}
            tone="text-muted hover:text-danger"
            icon={<Trash2 size={16} aria-hidden="true" />}
            onClick={commands.remove}
          />
        </div>
      </div>
    </div>
  )
}
