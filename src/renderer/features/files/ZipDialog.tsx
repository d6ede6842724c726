import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { Button, Dialog, ErrorNote, Field, FolderField, Select, TextField } from '../../components/index.ts'
import { archiveName, isPlainName, joinPath, withZipExtension } from './archive-path.ts'
import { useFiles } from './context.tsx'
import type { Target } from './dialogs.ts'
import { SummaryLine } from './SummaryLine.tsx'
import { useSubmit } from './use-submit.ts'
import { useSummary } from './use-summary.ts'

export function ZipDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const { t } = useTranslation(['files', 'common'])
  const usual = useInfo((info) => info.downloadFolder)
  const platform = useInfo((info) => info.platform)
  const base = useFiles(({ query }) => query.folder?.split('/').at(-1) ?? query.group ?? '')
  const [name, setName] = useState(() => archiveName('selection' in target ? base : '', new Date()))
  const [folder, setFolder] = useState(usual)
  const [onMissing, setOnMissing] = useState<'report' | 'stop'>('report')
  const field = useRef<HTMLInputElement>(null)
  const { summary, error: unknown } = useSummary(target)
  const { busy, error, submit } = useSubmit()
  const shown = error ?? unknown
  const valid = isPlainName(name) && folder.trim() !== ''
  return (
    <Dialog
      open
      testId="zip-dialog"
      onClose={onClose}
      title={t('zip.title')}
      description={<SummaryLine summary={summary} />}
      initialFocus={field}
      onSubmit={() => {
        const path = joinPath(folder.trim(), withZipExtension(name.trim()), platform)
        if (valid) submit(() => call('transfers.zip', { ...target, target: path, onMissing }), onClose)
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={!valid}>
            {t('zip.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('zip.name')} error={isPlainName(name) ? undefined : t('zip.badName')}>
          <TextField ref={field} value={name} onChange={setName} data-testid="zip-name" />
        </Field>
        <Field label={t('zip.folder')}>
          <FolderField value={folder} onChange={setFolder} placeholder={usual} />
        </Field>
        <Field label={t('zip.missing')}>
          <Select
            value={onMissing}
            onChange={setOnMissing}
            options={[
              { value: 'report', label: t('zip.report') },
              { value: 'stop', label: t('zip.stop') }
            ]}
          />
        </Field>
        {shown === null ? null : <ErrorNote error={shown} />}
      </div>
    </Dialog>
  )
}
