import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SavedSearch } from '../../../../shared/model.ts'
import { call } from '../../../api/client.ts'
import { Button, Dialog, ErrorNote, Field, TextField } from '../../../components/index.ts'
import { useSubmit } from '../use-submit.ts'

/** Keeps what is looked for under a name, or gives it another name. */
export function SaveSearchDialog({ search, onClose }: { search: Omit<SavedSearch, 'id'> & { id?: number }; onClose: () => void }) {
  const { t } = useTranslation(['order', 'common'])
  const [name, setName] = useState(search.name === '' ? (search.query.text ?? '') : search.name)
  const field = useRef<HTMLInputElement>(null)
  const { busy, error, submit } = useSubmit()
  const empty = name.trim() === ''
  return (
    <Dialog
      open
      size="sm"
      testId="search-dialog"
      onClose={onClose}
      title={search.id === undefined ? t('search.save') : t('search.rename')}
      description={t('search.text')}
      initialFocus={field}
      onSubmit={() => {
        if (!empty) submit(() => call('order.saveSearch', { ...search, name }), onClose)
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={empty}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={t('search.name')}>
          <TextField ref={field} value={name} onChange={setName} maxLength={120} />
        </Field>
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}
