import { Check, Minus, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileSelection } from '../../../../shared/model.ts'
import { call } from '../../../api/client.ts'
import { ColorMark } from '../../../app/ProfileMark.tsx'
import { Button, Dialog, ErrorNote, TextField, cx, toast } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useFiles } from '../context.tsx'
import { useSelectedRows } from '../use-selected-rows.ts'
import { useSubmit } from '../use-submit.ts'

type State = 'all' | 'some' | 'none'

/** Which tags the selected files have: a list with three states, and new ones. Nothing changes before Save. */
export function TagFilesDialog({ selection, onClose }: { selection: FileSelection; onClose: () => void }) {
  const { t } = useTranslation(['order', 'common'])
  const format = useFormat()
  const known = useFiles((state) => state.tags)
  const { rows } = useSelectedRows()
  const [typed, setTyped] = useState('')
  const [changes, setChanges] = useState<ReadonlyMap<string, boolean>>(new Map())
  const field = useRef<HTMLInputElement>(null)
  const { busy, error, submit } = useSubmit()

  const stateOf = (name: string): State => {
    const changed = changes.get(name)
    if (changed !== undefined) return changed ? 'all' : 'none'
    const having = rows.filter((row) => row.tags.includes(name)).length
    return having === 0 ? 'none' : having === rows.length ? 'all' : 'some'
  }
  const names = [...new Set([...known.map((tag) => tag.name), ...changes.keys()])]
  const wanted = typed.trim().toLowerCase()
  const shown = names.filter((name) => name.toLowerCase().includes(wanted))
  const isNew = wanted !== '' && !names.some((name) => name.toLowerCase() === wanted)
  const toggle = (name: string): void => {
    setChanges(new Map(changes).set(name, stateOf(name) !== 'all'))
    setTyped('')
  }
  const save = (): void => {
    const picked = (on: boolean): string[] => [...changes].flatMap(([name, value]) => (value === on ? [name] : []))
    const [add, remove] = [picked(true), picked(false)]
    if (add.length + remove.length === 0) return onClose()
    submit(async () => {
      const { count } = await call('order.tag', { selection, add, remove })
      toast({ kind: 'success', key: 'tagged', title: t('tags.done', { count, number: format.number(count) }) })
    }, onClose)
  }
  return (
    <Dialog
      open
      size="sm"
      testId="tags-dialog"
      onClose={onClose}
      title={t('tags.title')}
      description={t('tags.text')}
      initialFocus={field}
      onSubmit={() => {
        // Enter takes what is typed first.
        if (wanted === '') return save()
        const match = names.find((name) => name.toLowerCase() === wanted) ?? (shown.length === 1 ? shown[0] : undefined)
        toggle(match ?? typed.trim())
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button variant="primary" busy={busy} onClick={save}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2.5">
        <TextField ref={field} aria-label={t('tags.find')} placeholder={t('tags.find')} value={typed} onChange={setTyped} maxLength={64} />
        <div role="group" aria-label={t('tags.title')} className="flex max-h-72 flex-col overflow-y-auto">
          {shown.map((name) => {
            const state = stateOf(name)
            const tag = known.find((one) => one.name === name)
            return (
              <button
                key={name}
                type="button"
                role="checkbox"
                aria-checked={state === 'all' ? 'true' : state === 'some' ? 'mixed' : 'false'}
                onClick={() => toggle(name)}
                className="flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2 text-left text-base -outline-offset-2 hover:bg-hover"
              >
                <span
                  aria-hidden="true"
                  className={cx(
                    'flex size-4 shrink-0 items-center justify-center rounded border',
                    state === 'none' ? 'border-control' : 'border-accent bg-accent text-accent-contrast'
                  )}
                >
                  {state === 'all' ? <Check size={12} strokeWidth={3} /> : state === 'some' ? <Minus size={12} strokeWidth={3} /> : null}
                </span>
                <ColorMark color={tag?.color ?? 'none'} />
                <span className="min-w-0 flex-1 truncate">{name}</span>
                {tag === undefined ? null : <span className="tabular text-sm text-faint">{format.number(tag.fileCount)}</span>}
              </button>
            )
          })}
          {isNew ? (
            <button
              type="button"
              onClick={() => toggle(typed.trim())}
              className="flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2 text-left text-base text-accent -outline-offset-2 hover:bg-hover"
            >
              <Plus size={16} aria-hidden="true" />
              <span className="min-w-0 truncate">{t('tags.create', { tag: typed.trim() })}</span>
            </button>
          ) : shown.length === 0 ? (
            <p className="m-0 px-2 py-3 text-muted">{t('tags.none')}</p>
          ) : null}
        </div>
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}
