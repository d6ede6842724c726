import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileSelection } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { Button, Dialog, ErrorNote, Field, TextField, toast } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { parseSizes } from './preview/sizes.ts'
import { useSubmit } from './use-submit.ts'

/** Which small pictures are to be stored beside the selected ones. */
export function ThumbnailsDialog({ selection, onClose }: { selection: FileSelection; onClose: () => void }) {
  const { t } = useTranslation(['files', 'common'])
  const format = useFormat()
  const usual = useInfo((info) => info.settings.thumbnailSizes)
  const [text, setText] = useState(usual.join(', '))
  const field = useRef<HTMLInputElement>(null)
  const { busy, error, submit } = useSubmit()
  const sizes = parseSizes(text)
  const valid = sizes !== null && sizes.length > 0
  return (
    <Dialog
      open
      size="sm"
      testId="thumbnails-dialog"
      onClose={onClose}
      title={t('thumbnails.title')}
      description={t('thumbnails.text')}
      initialFocus={field}
      onSubmit={() => {
        if (!valid) return
        submit(async () => {
          const { count } = await call('thumbnails.make', { selection, sizes })
          const title = count === 0 ? t('thumbnails.none') : t('thumbnails.started', { count, number: format.number(count) })
          toast({ kind: 'success', key: 'thumbnails', title })
        }, onClose)
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={!valid}>
            {t('thumbnails.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={t('thumbnails.sizes')} hint={t('thumbnails.sizesHint')} {...(valid ? {} : { error: t('thumbnails.sizesProblem') })}>
          <TextField ref={field} value={text} onChange={setText} maxLength={100} spellCheck={false} />
        </Field>
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}
