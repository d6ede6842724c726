import { FileCog } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClientConf } from '../../../shared/client-conf.ts'
import { parseClientConf } from '../../../shared/client-conf.ts'
import { looksLikeStorageIds, parseStorageIds } from '../../../shared/storage-ids.ts'
import type { StorageIds } from '../../../shared/storage-ids.ts'
import { Button, Field, TextArea, toastError } from '../../components/index.ts'
import type { ProfileForm } from './form.ts'
import { withConf } from './form.ts'
import { pickTextFiles } from '../../app/text-files.ts'
import type { TextFile } from '../../app/text-files.ts'

const fileName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** Fills the form from `client.conf`, pasted or chosen (with the files that it includes). */
export function ConfImport({
  form,
  onChange,
  initiallyOpen
}: {
  form: ProfileForm
  onChange: (form: ProfileForm) => void
  initiallyOpen: boolean
}) {
  const { t } = useTranslation('connections')
  const [open, setOpen] = useState(initiallyOpen)
  const [text, setText] = useState('')
  const [result, setResult] = useState<ClientConf | null>(null)
  const [ids, setIds] = useState<StorageIds | null>(null)
  const take = (content: string, others: readonly TextFile[]): void => {
    const list = [content, ...others.map((file) => file.text)].find(looksLikeStorageIds)
    const storages = list === undefined ? null : parseStorageIds(list)
    setIds(storages)
    const conf =
      content === list ? null : parseClientConf(content, (name) => others.find((file) => file.name === fileName(name))?.text ?? null)
    setResult(conf)
    const filled = storages === null ? form : { ...form, storageIds: storages.storages }
    if (conf !== null && conf.trackers.length > 0) onChange(withConf(filled, conf))
    else if (storages !== null) onChange(filled)
  }
  const choose = (): void => {
    pickTextFiles('.conf,.ini,.txt,text/plain')
      .then((files) => {
        // The one that names trackers is the one that was meant; the others are what it includes.
        const main = files.find((file) => /^\s*tracker_server\s*=/m.test(file.text)) ?? files[0]
        if (main === undefined) return
        setText(main.text)
        take(main.text, files)
      })
      .catch(toastError)
  }
  if (!open)
    return (
      <Button className="self-start" icon={<FileCog size={15} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {t('conf.open')}
      </Button>
    )
  return (
    <div className="flex flex-col gap-2.5 rounded-lg bg-sunken p-3" data-testid="conf-import">
      <Field label={t('conf.label')} hint={t('conf.hint')}>
        <TextArea value={text} onChange={setText} rows={4} mono placeholder={'tracker_server = 192.168.1.10:22122'} />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => take(text, [])} disabled={text.trim() === ''}>
          {t('conf.take')}
        </Button>
        <Button onClick={choose}>{t('conf.choose')}</Button>
      </div>
      <div role="status" className="flex flex-col gap-1 text-base text-muted">
        {ids === null ? null : (
          <>
            <p className="m-0 font-medium text-text">{t('conf.storages', { count: Object.keys(ids.storages).length })}</p>
            {ids.notes.map((line) => (
              <p key={line} className="m-0 break-all">
                {t('conf.note.notUnderstood', { text: line })}
              </p>
            ))}
          </>
        )}
        {result === null ? null : (
          <>
            <p className="m-0 font-medium text-text">
              {result.trackers.length === 0 ? t('conf.noTracker') : t('conf.taken', { count: result.trackers.length })}
            </p>
            {result.notes.map((note, index) => (
              // The same line may be wrong twice.
              // oxlint-disable-next-line react/no-array-index-key
              <p key={index} className="m-0 break-all">
                {t(`conf.note.${note.code}`, { text: note.text })}
              </p>
            ))}
          </>
        )}
      </div>
    </div>
  )
}
