import { Suspense, lazy, useState } from 'react'
import icon from '../../icon.svg'
import { useTranslation } from 'react-i18next'
import { useInfo } from '../../app/app-info.ts'
import { Button, CopyButton } from '../../components/index.ts'

const Licences = lazy(async () => ({ default: (await import('../desktop/Licences.tsx')).Licences }))

/** Which program this is, for a bug report. */
export function About() {
  const { t } = useTranslation(['settings', 'common', 'desktop'])
  const version = useInfo((info) => info.version)
  const platform = useInfo((info) => info.platform)
  const host = useInfo((info) => info.host.kind)
  const [licences, setLicences] = useState(false)
  const facts = [t('about.version', { version }), platform, t(`about.host.${host}`)]
  return (
    <div className="flex items-center gap-4" data-testid="about">
      <img src={icon} alt="" className="size-12 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="m-0 text-lg font-semibold text-text">{t('common:app.name')}</p>
        <p className="m-0 text-base text-muted select-text">{facts.join(' · ')}</p>
        <p className="m-0 mt-0.5 text-base text-muted">{t('about.text')}</p>
      </div>
      <Button onClick={() => setLicences(true)}>{t('desktop:licences.open')}</Button>
      <CopyButton text={`${t('common:app.name')}, ${facts.join(', ')}`} label={t('about.copy')} />
      {licences ? (
        <Suspense fallback={null}>
          <Licences onClose={() => setLicences(false)} />
        </Suspense>
      ) : null}
    </div>
  )
}
