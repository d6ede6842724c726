import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenState } from '../../../shared/contract.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { Button, Field, NumberField, TextField } from '../../components/index.ts'
import type { ProfileForm } from './form.ts'

/** The token secret and how long servers accept tokens. A secret that is stored is never shown, only replaced or removed. */
export function TokenFields({
  form,
  onChange,
  error
}: {
  form: ProfileForm
  onChange: (part: Partial<ProfileForm>) => void
  error: string | undefined
}) {
  const { t } = useTranslation('connections')
  const lasting = useInfo((info) => info.host.secrets)
  const [stored, setStored] = useState<TokenState | null>(null)
  const { id } = form
  useEffect(() => {
    if (id === undefined) return
    let current = true
    // Without an answer the field is as for a new connection.
    call('profiles.token', { id }).then(
      (state) => current && setStored(state),
      () => undefined
    )
    return () => {
      current = false
    }
  }, [id])
  const present = form.tokenSecret === null ? stored?.present === true : form.tokenSecret !== ''
  return (
    <>
      <Field label={t('field.tokenSecret')} hint={t(lasting ? 'field.tokenSecretHint' : 'field.tokenSecretSession')}>
        <div className="flex gap-2">
          <TextField
            type="password"
            autoComplete="off"
            aria-label={t('field.tokenSecret')}
            value={form.tokenSecret ?? ''}
            onChange={(tokenSecret) => onChange({ tokenSecret })}
            placeholder={form.tokenSecret === null && present ? t('field.tokenSecretKept') : ''}
            maxLength={256}
            boxClassName="flex-1"
          />
          {present ? <Button onClick={() => onChange({ tokenSecret: '' })}>{t('field.tokenSecretRemove')}</Button> : null}
        </div>
      </Field>
      <Field inline label={t('field.tokenTtl')} hint={t('field.tokenTtlHint')} error={error}>
        <NumberField
          value={form.tokenTtlSeconds}
          onChange={(tokenTtlSeconds) => onChange({ tokenTtlSeconds })}
          min={1}
          max={315_360_000}
          unit={t('unit.seconds')}
        />
      </Field>
    </>
  )
}
