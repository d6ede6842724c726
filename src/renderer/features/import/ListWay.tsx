import { FileSpreadsheet } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { ListColumn, ListEncoding, ListPreview } from '../../../shared/import.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { Button, Checkbox, ErrorNote, Field, Select, Spinner, TextArea } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { ListTable } from './ListTable.tsx'
import { pickPaths } from './pick.ts'

const DELAY_MS = 250
const ENCODINGS: readonly ListEncoding[] = ['utf-8', 'gbk', 'utf-16le', 'utf-16be']

/** What a table looks like; its headings are understood in both languages. */
const EXAMPLE = 'file_id,name,folder,tags\ngroup1/M00/00/00/wKgB….jpg,Hero.jpg,2026/spring,red;cover'

interface Asked {
  text: string
  path: string | null
  encoding: ListEncoding | null
  heading: boolean | null
  columns: Pick<ListColumn, 'use' | 'key'>[] | null
}
const empty: Asked = { text: '', path: null, encoding: null, heading: null, columns: null }

/** A table or a text with IDs or links, pasted or from a file. */
export function ListWay({ initial }: { initial: string }) {
  const { t } = useTranslation(['import', 'common'])
  const format = useFormat()
  const native = useInfo((info) => info.host.pickFiles)
  const [asked, setAsked] = useState<Asked>({ ...empty, text: initial })
  const [preview, setPreview] = useState<ListPreview | null>(null)
  const [loading, setLoading] = useState(false)
  const [error, setError] = useState<ErrorData | null>(null)
  const abort = useRef(new AbortController())
  const nothing = asked.path === null && asked.text.trim() === ''

  useEffect(() => {
    if (nothing) return
    let current = true
    const timer = window.setTimeout(() => {
      setLoading(true)
      const { text, path, ...how } = asked
      call('import.preview', path === null ? { text, ...how } : { path, ...how })
        .then(
          (found) => {
            if (!current) return
            setPreview(found)
            setError(null)
          },
          (thrown: unknown) => {
            if (!current) return
            setPreview(null)
            setError(toAppError(thrown).toData())
          }
        )
        .finally(() => {
          if (current) setLoading(false)
        })
    }, DELAY_MS)
    return () => {
      current = false
      window.clearTimeout(timer)
    }
  }, [asked, nothing])

  const choose = (): void => {
    pickPaths(
      native,
      false,
      () => true,
      () => {},
      abort.current.signal
    ).then(
      ([path]) => {
        if (path !== undefined) setAsked({ ...empty, path })
      },
      (thrown: unknown) => setError(toAppError(thrown).toData())
    )
  }
  const shown = nothing ? null : preview
  const todo = shown === null ? 0 : shown.counts.new + shown.counts.trash + shown.counts.merge
  const start = (): void => {
    if (shown === null) return
    call('import.list', { draft: shown.draft }).then(
      () => setAsked(empty),
      (thrown: unknown) => setError(toAppError(thrown).toData())
    )
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      {asked.path === null ? (
        <Field label={t('list.label')} hideLabel>
          <TextArea
            mono
            rows={shown === null ? 9 : 3}
            value={asked.text}
            onChange={(text) => setAsked({ ...empty, text })}
            placeholder={`${t('list.placeholder')}\n\n${EXAMPLE}`}
            data-testid="import-text"
          />
        </Field>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button icon={<FileSpreadsheet size={15} aria-hidden="true" />} onClick={choose}>
          {t('list.file')}
        </Button>
        {asked.path === null ? null : (
          <>
            <span className="min-w-0 max-w-72 truncate font-medium">{asked.path.split(/[/\\]/).at(-1)}</span>
            <Select
              label={t('list.encoding')}
              value={asked.encoding ?? shown?.encoding ?? 'utf-8'}
              onChange={(encoding) => setAsked({ ...asked, encoding })}
              options={ENCODINGS.map((value) => ({ value, label: value.toUpperCase() }))}
            />
            <Button variant="ghost" onClick={() => setAsked(empty)}>
              {t('list.other')}
            </Button>
          </>
        )}
        {shown?.table ? (
          <Checkbox checked={shown.heading} onChange={(heading) => setAsked({ ...asked, heading, columns: null })}>
            {t('list.heading')}
          </Checkbox>
        ) : null}
        {loading ? <Spinner size={15} /> : null}
      </div>
      {error === null ? null : <ErrorNote error={error} />}
      {shown === null ? null : (
        <>
          <ListTable preview={shown} onColumns={(columns) => setAsked({ ...asked, heading: shown.heading, columns })} />
          <div className="sticky bottom-0 -mb-1 flex shrink-0 items-center gap-3 bg-raised py-2">
            <Button variant="primary" size="lg" disabled={todo === 0 || loading} onClick={start}>
              {t('list.start', { count: todo, number: format.number(todo) })}
            </Button>
            {shown.counts.repeated > 0 ? (
              <span className="text-base text-muted">
                {t('list.repeated', { count: shown.counts.repeated, number: format.number(shown.counts.repeated) })}
              </span>
            ) : null}
            {shown.columns.some((column) => column.use === 'metadata') ? (
              <span className="text-base text-muted">{t('list.metadataHint')}</span>
            ) : null}
          </div>
        </>
      )}
    </div>
  )
}
