import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Dialog, ErrorNote, Spinner } from '../../components/index.ts'

/** One package that the program is made of; collected when it is built. */
interface Licence {
  name: string
  version: string
  licence: string
  text: string
}

/** The licences of everything in the program, as their authors want them to be passed on. */
export function Licences({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['desktop', 'common'])
  const [licences, setLicences] = useState<Licence[] | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    fetch('licences.json')
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))))
      .then((found: Licence[]) => setLicences(found))
      .catch(() => setFailed(true))
  }, [])
  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      tall
      testId="licences"
      title={t('licences.title')}
      description={t('licences.text')}
      footer={<Button onClick={onClose}>{t('common:action.close')}</Button>}
    >
      <div
        // A text that scrolls must be reachable by the keys that scroll it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label={t('licences.title')}
        className="min-h-0 flex-1 overflow-y-auto rounded-lg border border-line bg-surface"
      >
        {failed ? <ErrorNote error={{ code: 'NOT_FOUND', message: 'licences.json' }} className="m-3" /> : null}
        {licences === null && !failed ? (
          <div className="flex justify-center p-6">
            <Spinner />
          </div>
        ) : null}
        {(licences ?? []).map(({ name, version, licence, text }) => (
          <details key={`${name}@${version}`} className="border-b border-line/60 px-3 py-2 text-base">
            <summary className="cursor-pointer">
              <span className="font-medium text-text">{name}</span> <span className="text-muted">{`${version} · ${licence}`}</span>
            </summary>
            <pre className="mt-2 mb-1 font-mono text-sm whitespace-pre-wrap text-muted select-text">{text}</pre>
          </details>
        ))}
      </div>
    </Dialog>
  )
}
