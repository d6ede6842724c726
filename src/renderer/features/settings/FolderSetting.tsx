import { useTranslation } from 'react-i18next'
import { useInfo } from '../../app/app-info.ts'
import { Field, FolderField } from '../../components/index.ts'
import { isAbsolutePath } from './megabytes.ts'
import { saveSettings } from './save.ts'
import { useDraft } from './use-draft.ts'

export function FolderSetting() {
  const { t } = useTranslation('settings')
  const stored = useInfo((info) => info.settings.downloadFolder)
  const fallback = useInfo((info) => info.downloadFolder)
  const { draft, setDraft, flush } = useDraft(stored, isAbsolutePath, (downloadFolder) =>
    saveSettings({ downloadFolder: downloadFolder.trim() })
  )
  return (
    <div onBlur={flush}>
      <Field
        label={t('downloads.folder')}
        hint={t('downloads.folderHint')}
        error={isAbsolutePath(draft) ? undefined : t('problem.absolutePath')}
      >
        <FolderField value={draft} onChange={setDraft} placeholder={fallback} />
      </Field>
    </div>
  )
}
