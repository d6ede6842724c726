import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { normalWebBase } from '../../../shared/address.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import { call } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { Button, ErrorNote, Field, TextField } from '../../components/index.ts'

/** Asks for the web address where links need one, and keeps it with the connection. */
export function BaseForm({ onSaved }: { onSaved: () => void }) {
  const { t } = useTranslation('links')
  const profile = useInfo(activeProfile)
  const [base, setBase] = useState('')
  const [wrong, setWrong] = useState(false)
  const [error, setError] = useState<ErrorData | null>(null)
  const save = (): void => {
    if (profile === undefined || base.trim() === '') return
    // What people type is a host; what they mean is a web server.
    const normal = normalWebBase(/^[a-z]+:\/\//i.test(base.trim()) ? base : `http://${base.trim()}`)
    setWrong(normal === null)
    if (normal === null) return
    call('profiles.save', { ...profile, httpBase: { ...profile.httpBase, '': normal } }).then(onSaved, (thrown: unknown) =>
      setError(toAppError(thrown).toData())
    )
  }
  return (
    <div className="flex flex-col gap-2 rounded-lg bg-sunken p-3" data-testid="base-form">
      <Field label={t('base.label')} hint={t('base.hint')} error={wrong ? t('base.wrong') : undefined}>
        <div className="flex gap-2">
          <TextField
            aria-label={t('base.label')}
            placeholder="http://files.example.com"
            value={base}
            onChange={setBase}
            maxLength={2048}
            mono
            boxClassName="flex-1"
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              // The dialog's own Enter would copy.
              event.preventDefault()
              save()
            }}
          />
          <Button onClick={save} disabled={base.trim() === ''}>
            {t('secret.save')}
          </Button>
        </div>
      </Field>
      {error === null ? null : <ErrorNote error={error} />}
    </div>
  )
}
