import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field, Switch } from '../../components/index.ts'
import { fromMegabytes, toMegabytes } from './megabytes.ts'
import { NumberSetting } from './NumberSetting.tsx'

/** Suggested when a limit is switched on. */
const FIRST_LIMIT_MB = 10
const RANGE = { min: 0.1, max: 100_000 }

/** A speed limit in MB/s, or none (0 bytes). */
export function LimitSetting({
  label,
  amountLabel,
  bytes,
  onSave
}: {
  label: string
  amountLabel: string
  bytes: number
  onSave: (bytes: number) => void
}) {
  const { t } = useTranslation('settings')
  /** What the limit was before it was switched off. */
  const [last, setLast] = useState(bytes > 0 ? bytes : fromMegabytes(FIRST_LIMIT_MB))
  return (
    <>
      <Field inline label={label}>
        <Switch
          checked={bytes > 0}
          onChange={(on) => {
            if (!on) setLast(bytes)
            onSave(on ? last : 0)
          }}
        />
      </Field>
      {bytes > 0 ? (
        <NumberSetting
          label={amountLabel}
          value={toMegabytes(bytes)}
          range={RANGE}
          unit={t('unit.megabytesPerSecond')}
          onSave={(value) => onSave(fromMegabytes(value))}
        />
      ) : null}
    </>
  )
}
