import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { Button, ErrorNote, Field, TextField } from '../../components/index.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'

/** Asks for the token secret where signed links need one. It goes to the program and never comes back. */
export function SecretForm({ onSaved }: { onSaved: () => void }) {
  const { t } = useTranslation('links')
  const id = useInfo((info) => activeProfile(info)?.id ?? '')
  const lasting = useInfo((info) => info.host.secrets)
  const [secret, setSecret] = useState('')
  const [error, setError] = useState<ErrorData | null>(null)
  const save = (): void => {
    if (secret === '') return
    call('profiles.setToken', { id, secret }).then(onSaved, (thrown: unknown) => setError(toAppError(thrown).toData()))
  }
  return (
    <div className="flex flex-col gap-2 rounded-lg bg-sunken p-3" data-testid="secret-form">
      <Field label={t('secret.label')} hint={t(lasting ? 'secret.hintLasting' : 'secret.hintSession')}>
        <div className="flex gap-2">
          <TextField
            type="password"
            autoComplete="off"
            aria-label={t('secret.label')}
            value={secret}
            onChange={setSecret}
            maxLength={256}
            boxClassName="flex-1"
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              // The dialog's own Enter would copy.
              event.preventDefault()
              save()
            }}
          />
          <Button onClick={save} disabled={secret === ''}>
            {t('secret.save')}
          </Button>
        </div>
      </Field>
      {error === null ? null : <ErrorNote error={error} />}
    </div>
  )
}
