import { RotateCw } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Profile } from '../../../shared/model.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { navigate } from '../../app/navigation.ts'
import { Button, Dialog } from '../../components/index.ts'
import { TestResult } from './TestResult.tsx'
import { useProfileTest } from './use-profile-test.ts'

function Diagnosis({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const { t } = useTranslation(['connections', 'common'])
  const leave = (): void => {
    onClose()
    navigate('connections')
  }
  const { state, run, useAddresses } = useProfileTest(profile, leave)
  useEffect(() => {
    run()
    // Once; later the button does.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])
  return (
    <Dialog
      open
      size="lg"
      onClose={onClose}
      testId="diagnosis-dialog"
      title={t('diagnosis.title', { name: profile.builtIn ? t('common:connection.builtIn') : profile.name })}
      footer={
        <>
          <Button className="mr-auto" onClick={leave}>
            {t('diagnosis.toConnections')}
          </Button>
          <Button icon={<RotateCw size={14} aria-hidden="true" />} busy={state.tag === 'running'} onClick={run}>
            {t('diagnosis.again')}
          </Button>
          <Button variant="primary" onClick={onClose}>
            {t('common:action.close')}
          </Button>
        </>
      }
    >
      <TestResult state={state} onUse={useAddresses} />
    </Dialog>
  )
}

/** The test of the active connection over whatever is open, so that nothing of that is lost. */
export function DiagnosisDialog({ onClose }: { onClose: () => void }) {
  const profile = useInfo(activeProfile)
  return profile === undefined ? null : <Diagnosis profile={profile} onClose={onClose} />
}
