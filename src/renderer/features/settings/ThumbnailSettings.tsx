import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { call } from '../../api/client.ts'
import { Button, Field, Switch, TextField, toastError } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { parseSizes } from '../files/index.ts'
import { fromMegabytes, toMegabytes } from './megabytes.ts'
import { NumberSetting } from './NumberSetting.tsx'
import { saveSettings } from './save.ts'
import { useDraft } from './use-draft.ts'

function SizesSetting({ sizes }: { sizes: readonly string[] }) {
  const { t } = useTranslation('settings')
  const { draft, setDraft, flush } = useDraft(
    sizes.join(', '),
    (text) => parseSizes(text) !== null,
    (text) => saveSettings({ thumbnailSizes: parseSizes(text) ?? [] })
  )
  return (
    <div onBlur={flush}>
      <Field
        label={t('uploads.thumbnailSizes')}
        hint={t('uploads.thumbnailSizesHint')}
        error={parseSizes(draft) === null ? t('uploads.thumbnailSizesProblem') : undefined}
      >
        <TextField value={draft} onChange={setDraft} maxLength={100} spellCheck={false} boxClassName="max-w-72" />
      </Field>
    </div>
  )
}

/** What is kept on this computer, and the way to be rid of it. */
function CacheUse() {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const [bytes, setBytes] = useState<number | null>(null)
  useEffect(() => {
    call('thumbnails.cache', {}).then(
      (cache) => setBytes(cache.bytes),
      // Only a number is missing then.
      () => undefined
    )
  }, [])
  const clear = (): void => {
    call('thumbnails.clearCache', {}).then((cache) => setBytes(cache.bytes), toastError)
  }
  if (bytes === null) return null
  return (
    <Field inline label={t('uploads.thumbnailUse')} hint={t('uploads.thumbnailUseHint', { size: format.bytes(bytes) })}>
      <Button size="sm" onClick={clear} disabled={bytes === 0}>
        {t('uploads.thumbnailClear')}
      </Button>
    </Field>
  )
}

/** Small pictures: which are stored on the servers, and how many of all are kept here. */
export function ThumbnailSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <>
      <SizesSetting sizes={settings.thumbnailSizes} />
      <Field inline label={t('uploads.thumbnailsAtUpload')} hint={t('uploads.thumbnailsAtUploadHint')}>
        <Switch checked={settings.thumbnailsAtUpload} onChange={(thumbnailsAtUpload) => saveSettings({ thumbnailsAtUpload })} />
      </Field>
      <NumberSetting
        label={t('uploads.thumbnailCache')}
        hint={t('uploads.thumbnailCacheHint')}
        value={toMegabytes(settings.thumbnailCacheBytes)}
        range={{ min: 16, max: 1_048_576 }}
        unit={t('unit.megabytes')}
        onSave={(value) => saveSettings({ thumbnailCacheBytes: fromMegabytes(value) })}
      />
      <CacheUse />
    </>
  )
}
