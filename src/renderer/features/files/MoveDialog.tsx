import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileSelection } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { Button, Dialog, ErrorNote, Field } from '../../components/index.ts'
import { FolderInput } from './FolderInput.tsx'
import { useFiles } from './context.tsx'
import { useSubmit } from './use-submit.ts'

/** Another folder in the library; nothing changes on the servers. */
export function MoveDialog({ selection, onClose }: { selection: FileSelection; onClose: () => void }) {
  const { t } = useTranslation(['files', 'common'])
  const [folder, setFolder] = useState(useFiles((state) => state.query.folder) ?? '')
  const field = useRef<HTMLInputElement>(null)
  const { busy, error, submit } = useSubmit()
  return (
    <Dialog
      open
      size="sm"
      testId="move-dialog"
      onClose={onClose}
      title={t('move.title')}
      description={t('move.text')}
      initialFocus={field}
      onSubmit={() => submit(() => call('files.move', { selection, folder }), onClose)}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {t('move.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={t('folder.label')} hint={t('folder.hint')}>
          <FolderInput ref={field} value={folder} onChange={setFolder} />
        </Field>
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}
