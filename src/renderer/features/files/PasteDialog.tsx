import { CircleCheck, CircleX } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PasteEntry } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import { call } from '../../api/client.ts'
import { Button, Dialog, ErrorNote, Field, Segmented, Spinner, TextArea, toast, useErrorText } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { openDialog } from './dialogs.ts'
import { useSubmit } from './use-submit.ts'
import { useVirtualRows } from './use-virtual-rows.ts'

const PARSE_DELAY_MS = 200
const ROW_HEIGHT = 30

/** Beside the IDs stand other columns: names, folders, tags. */
const isTable = (text: string): boolean => /^[^\n]*\S[^\n]*[\t;,][^\n]*\S[^\n]*$/m.test(text.slice(0, 5_000))

function Reason({ error }: { error: ErrorData }) {
  return <span className="truncate text-danger">{useErrorText(error).what}</span>
}

/** What was understood, line by line. */
function Entries({ entries }: { entries: readonly PasteEntry[] }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualRows(scroller, entries.length, ROW_HEIGHT, 0)
  const { first, last } = virtual
  return (
    <div
      ref={scroller}
      onScroll={virtual.onScroll}
      // A list that scrolls must be reachable by the keys that scroll it.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="list"
      aria-label={t('paste.entries')}
      className="min-h-0 flex-1 overflow-y-auto rounded-lg border border-line bg-surface"
    >
      <div className="relative" style={{ height: virtual.height }}>
        {entries.slice(first, last + 1).map((entry, offset) => {
          const index = first + offset
          return (
            <div
              key={index}
              role="listitem"
              data-testid={entry.fileId === null ? 'paste-bad' : 'paste-good'}
              className="absolute inset-x-0 top-0 flex h-7.5 items-center gap-2.5 border-b border-line/60 px-3 text-base"
              style={{ transform: `translateY(${virtual.topOf(index)}px)` }}
            >
              {entry.fileId === null ? (
                <>
                  <CircleX size={15} className="shrink-0 text-danger" aria-label={t('paste.bad')} />
                  <span className="max-w-1/2 shrink-0 truncate font-mono text-sm text-text">{entry.text}</span>
                  {entry.error === null ? null : <Reason error={entry.error} />}
                </>
              ) : (
                <>
                  <CircleCheck size={15} className="shrink-0 text-success" aria-label={t('paste.good')} />
                  <span className="min-w-0 flex-1 truncate font-mono text-sm text-text">{entry.fileId}</span>
                  <span className="max-w-40 shrink-0 truncate text-muted">{entry.name}</span>
                  <span className="tabular w-18 shrink-0 text-right text-muted">
                    {entry.sizeBytes === null ? '–' : format.bytes(entry.sizeBytes)}
                  </span>
                </>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** File IDs and links in any mess: says what was understood, and what to do with it. */
export function PasteDialog({ initial, onClose }: { initial: string; onClose: () => void }) {
  const { t } = useTranslation(['files', 'common'])
  const format = useFormat()
  const [text, setText] = useState(initial)
  /** What `entries` are the entries of. */
  const [parsed, setParsed] = useState<{ text: string; entries: PasteEntry[] }>({ text: '', entries: [] })
  const [failed, setFailed] = useState<ErrorData | null>(null)
  const [show, setShow] = useState<'all' | 'bad'>('all')
  const field = useRef<HTMLTextAreaElement>(null)
  const { busy, error, submit } = useSubmit()

  useEffect(() => {
    if (text === parsed.text) return
    let current = true
    const timer = window.setTimeout(() => {
      const found = text.trim() === '' ? Promise.resolve([]) : call('files.parse', { text })
      found.then(
        (entries) => {
          if (!current) return
          setFailed(null)
          setParsed({ text, entries })
        },
        (thrown: unknown) => {
          if (current) setFailed(toAppError(thrown).toData())
        }
      )
    }, PARSE_DELAY_MS)
    return () => {
      current = false
      window.clearTimeout(timer)
    }
  }, [text, parsed.text])

  const { entries } = parsed
  const fileIds = useMemo(() => [...new Set(entries.flatMap((entry) => (entry.fileId === null ? [] : [entry.fileId])))], [entries])
  const bad = useMemo(() => entries.filter((entry) => entry.fileId === null), [entries])
  const shown = show === 'bad' && bad.length > 0 ? bad : entries
  const stale = text !== parsed.text && failed === null
  const ready = fileIds.length > 0 && !stale
  const add = (): void =>
    submit(async () => {
      const { inserted, merged } = await call('files.add', { fileIds })
      toast({
        kind: 'success',
        title: t('paste.added', { count: inserted, number: format.number(inserted) }),
        ...(merged > 0 ? { text: t('paste.known', { count: merged, number: format.number(merged) }) } : {})
      })
    }, onClose)
  return (
    <Dialog
      open
      size="lg"
      tall
      testId="paste-dialog"
      onClose={onClose}
      title={t('paste.title')}
      description={t('paste.text')}
      initialFocus={field}
      footer={
        <>
          <span className="mr-auto text-base text-muted" role="status" data-testid="paste-summary">
            {stale ? (
              <Spinner size={14} />
            ) : entries.length === 0 ? null : (
              t('paste.summary', { count: fileIds.length, number: format.number(fileIds.length) })
            )}
          </span>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          {isTable(text) ? (
            <Button disabled={!ready} onClick={() => openDialog({ type: 'import', way: 'list', text })}>
              {t('paste.table')}
            </Button>
          ) : null}
          <Button disabled={!ready} onClick={() => openDialog({ type: 'zip', target: { fileIds } })}>
            {t('paste.zip')}
          </Button>
          <Button disabled={!ready} onClick={() => openDialog({ type: 'download', target: { fileIds } })}>
            {t('paste.download')}
          </Button>
          <Button variant="primary" disabled={!ready} busy={busy} onClick={add}>
            {t('paste.add')}
          </Button>
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col gap-3">
        <Field label={t('paste.label')} hideLabel>
          <TextArea
            ref={field}
            mono
            rows={entries.length === 0 ? 16 : 6}
            value={text}
            onChange={setText}
            placeholder={t('paste.placeholder')}
            data-testid="paste-text"
          />
        </Field>
        {failed === null ? null : <ErrorNote error={failed} />}
        {error === null ? null : <ErrorNote error={error} />}
        {entries.length === 0 ? null : (
          <>
            {bad.length === 0 ? null : (
              <Segmented
                className="self-start"
                label={t('paste.show')}
                value={show}
                onChange={setShow}
                options={[
                  { value: 'all', label: t('paste.showAll'), count: format.number(entries.length) },
                  { value: 'bad', label: t('paste.showBad'), count: format.number(bad.length) }
                ]}
              />
            )}
            <Entries entries={shown} />
          </>
        )}
      </div>
    </Dialog>
  )
}
