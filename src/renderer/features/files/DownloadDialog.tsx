import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { Button, Checkbox, Dialog, ErrorNote, Field, FolderField, Select } from '../../components/index.ts'
import type { Target } from './dialogs.ts'
import { SummaryLine } from './SummaryLine.tsx'
import { useSubmit } from './use-submit.ts'
import { useSummary } from './use-summary.ts'

const CONFLICTS = ['rename', 'overwrite', 'skip', 'ask'] as const satisfies readonly Settings['conflict'][]

export function DownloadDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const { t } = useTranslation(['files', 'common'])
  const usual = useInfo((info) => info.downloadFolder)
  const [folder, setFolder] = useState(usual)
  const [conflict, setConflict] = useState(useInfo((info) => info.settings.conflict))
  const [keepFolders, setKeepFolders] = useState(true)
  const { summary, error: unknown } = useSummary(target)
  const { busy, error, submit } = useSubmit()
  const shown = error ?? unknown
  const inLibrary = 'selection' in target
  return (
    <Dialog
      open
      testId="download-dialog"
      onClose={onClose}
      title={t('download.title')}
      description={<SummaryLine summary={summary} />}
      onSubmit={() => {
        if (folder.trim() !== '')
          submit(() => call('transfers.download', { ...target, target: folder.trim(), keepFolders, conflict }), onClose)
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={folder.trim() === ''}>
            {t('download.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('download.folder')}>
          <FolderField value={folder} onChange={setFolder} placeholder={usual} />
        </Field>
        <Field label={t('download.conflict')} hint={t(`conflictHint.${conflict}`)}>
          <Select value={conflict} onChange={setConflict} options={CONFLICTS.map((value) => ({ value, label: t(`conflict.${value}`) }))} />
        </Field>
        {inLibrary ? (
          <Checkbox checked={keepFolders} onChange={setKeepFolders} hint={t('download.keepFoldersHint')}>
            {t('download.keepFolders')}
          </Checkbox>
        ) : null}
        {shown === null ? null : <ErrorNote error={shown} />}
      </div>
    </Dialog>
  )
}
