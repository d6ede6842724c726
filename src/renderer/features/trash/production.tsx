import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Profile } from '../../../shared/model.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { Checkbox } from '../../components/index.ts'

interface Production {
  /** null: the active connection is not one for production. */
  profile: Profile | null
  agreed: boolean
  agree: (agreed: boolean) => void
}

/** In production the button alone is not enough. */
export function useProduction(): Production {
  const profile = useInfo((info) => {
    const active = activeProfile(info)
    return active?.environment === 'production' ? active : null
  })
  const [agreed, agree] = useState(false)
  return { profile, agreed: profile === null || agreed, agree }
}

export function ProductionConsent({ production: { profile, agreed, agree } }: { production: Production }) {
  const { t } = useTranslation(['files', 'common'])
  if (profile === null) return null
  return (
    <Checkbox checked={agreed} onChange={agree} hint={t('delete.productionHint')}>
      {t('delete.production', { name: profile.builtIn ? t('common:connection.builtIn') : profile.name })}
    </Checkbox>
  )
}
