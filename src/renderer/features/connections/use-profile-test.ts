import { useTranslation } from 'react-i18next'
import type { Profile } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { toast, toastError } from '../../components/index.ts'
import { checkForm, formOf, withAddresses } from './form.ts'
import type { TestState } from './test-run.ts'
import { useConnectionTest } from './test-run.ts'

/** The test of a stored connection. `onUnusable` is called where it cannot even be sent: its form has to be looked at. */
export function useProfileTest(
  profile: Profile,
  onUnusable: () => void
): { state: TestState; run: () => void; useAddresses: (map: Record<string, string>) => void } {
  const { t } = useTranslation('connections')
  const test = useConnectionTest()
  /** Tried before it is kept: saved only when every storage it concerns is reached. */
  const take = async (map: Record<string, string>): Promise<void> => {
    const { input } = checkForm(withAddresses(formOf(profile), map))
    if (input === null) return onUnusable()
    const diagnosis = await test.run(input)
    const reachable = new Set(diagnosis?.steps.filter(({ target, ok }) => target === 'storage' && ok).map(({ address }) => address))
    if (!Object.values(map).every((address) => reachable.has(address))) return
    await call('profiles.save', input)
    toast({ kind: 'success', title: t('way.saved') })
  }
  return {
    state: test.state,
    run: () => {
      const { input } = checkForm(formOf(profile))
      if (input) void test.run(input)
      else onUnusable()
    },
    useAddresses: (map) => void take(map).catch(toastError)
  }
}
