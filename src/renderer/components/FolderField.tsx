import { FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useInfo } from '../app/app-info.ts'
import { call } from '../api/client.ts'
import { Button } from './Button.tsx'
import { FolderPicker } from './FolderPicker.tsx'
import { TextField } from './TextField.tsx'
import { toastError } from './toast.ts'

/** A folder of this computer: typed, or chosen by the native dialog where the host has one, else in the page. */
export function FolderField({
  value,
  onChange,
  placeholder,
  label
}: {
  value: string
  onChange: (path: string) => void
  placeholder?: string
  label?: string
}) {
  const { t } = useTranslation()
  const native = useInfo((info) => info.host.pickFiles)
  const [picking, setPicking] = useState(false)
  const choose = (): void => {
    if (!native) {
      setPicking(true)
      return
    }
    call('host.pickFolder', value === '' ? {} : { start: value }).then((path) => {
      if (path !== null) onChange(path)
    }, toastError)
  }
  return (
    <div className="flex items-center gap-2">
      <TextField
        aria-label={label}
        value={value}
        onChange={onChange}
        placeholder={placeholder}
        boxClassName="flex-1"
        icon={<FolderOpen size={15} aria-hidden="true" />}
      />
      <Button onClick={choose}>{t('action.choose')}</Button>
      {!picking ? null : (
        <FolderPicker
          start={value === '' ? (placeholder ?? '') : value}
          onClose={() => setPicking(false)}
          onChoose={(path) => {
            setPicking(false)
            onChange(path)
          }}
        />
      )}
    </div>
  )
}
