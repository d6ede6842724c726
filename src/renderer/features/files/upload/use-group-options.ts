import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../../api/client.ts'
import type { SelectOption } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'

/** The choice of the tracker. */
export const AUTOMATIC = ''

/** Groups of the cluster as choices, with the space they have. A cluster that does not answer leaves the tracker's choice. */
export function useGroupOptions(preferred: string | null): SelectOption<string>[] {
  const { t } = useTranslation('files')
  const format = useFormat()
  const [groups, setGroups] = useState<{ name: string; hint: string; full: boolean }[]>([])
  useEffect(() => {
    let current = true
    call('cluster.overview', { fresh: false }).then(
      (overview) => {
        if (!current) return
        setGroups(
          overview.groups.map((group) => ({
            name: group.name,
            hint: t('upload.free', { size: format.bytes(group.freeBytes) }),
            full: group.writableCount === 0
          }))
        )
      },
      // Uploading says better what is wrong with the cluster than a list of groups could.
      () => undefined
    )
    return () => {
      current = false
    }
  }, [t, format])
  const known = groups.map((group): SelectOption<string> => ({
    value: group.name,
    label: group.name,
    hint: group.hint,
    disabled: group.full
  }))
  const missing = preferred !== null && !groups.some((group) => group.name === preferred)
  return [
    { value: AUTOMATIC, label: t('upload.automatic'), hint: t('upload.automaticHint') },
    ...known,
    ...(missing ? [{ value: preferred, label: preferred }] : [])
  ]
}
