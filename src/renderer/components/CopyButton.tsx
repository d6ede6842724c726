import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ButtonSize } from './Button.tsx'
import { IconButton } from './Button.tsx'
import { copyText } from './clipboard.ts'
import { toastError } from './toast.ts'

/** Copies a text and says so by a tick. */
export function CopyButton({ text, label, size = 'sm' }: { text: string; label?: string; size?: ButtonSize }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = window.setTimeout(() => setCopied(false), 1500)
    return () => window.clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      size={size}
      label={copied ? t('action.copied') : (label ?? t('action.copy'))}
      icon={copied ? <Check size={14} className="text-success" aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      onClick={() => {
        copyText(text).then(() => setCopied(true), toastError)
      }}
    />
  )
}
