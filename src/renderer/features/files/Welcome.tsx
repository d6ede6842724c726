import { FileInput, HardDrive, PlugZap } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { requestConnection } from '../../app/connection-request.ts'
import { openOverlay } from '../../app/overlays.ts'
import { Art, Button } from '../../components/index.ts'
import { addSamples } from './add-samples.ts'

const CHOICES = { try: HardDrive, connect: PlugZap, conf: FileInput } as const satisfies Record<string, LucideIcon>

/** The first thing a new user sees: three ways to begin. */
export function Welcome({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('files')
  const choose = (choice: keyof typeof CHOICES): void => {
    onDone()
    if (choice === 'try') {
      addSamples()
      openOverlay('tour')
    } else requestConnection(choice === 'conf' ? 'conf' : 'new')
  }
  return (
    <div className="flex h-full flex-col items-center overflow-y-auto px-6 py-8" data-testid="welcome">
      <div className="my-auto flex w-full max-w-190 flex-col items-center">
        <Art name="library" />
        <h2 className="mt-5 mb-1 text-center text-xl text-balance font-semibold">{t('welcome.title')}</h2>
        <p className="m-0 max-w-120 text-center text-base text-balance text-muted">{t('welcome.text')}</p>
        <div className="mt-7 grid w-full grid-cols-[repeat(auto-fit,minmax(13rem,1fr))] gap-3">
          {(Object.keys(CHOICES) as (keyof typeof CHOICES)[]).map((choice) => {
            const Icon = CHOICES[choice]
            return (
              <button
                key={choice}
                type="button"
                onClick={() => choose(choice)}
                className="flex flex-col items-start gap-1 rounded-lg border border-line-strong bg-raised p-4 text-left shadow-sm transition-colors hover:border-accent hover:bg-hover"
              >
                <span className="mb-1.5 flex size-8 items-center justify-center rounded-md bg-accent-soft text-accent">
                  <Icon size={17} aria-hidden="true" />
                </span>
                <span className="text-base font-semibold text-text">{t(`welcome.${choice}`)}</span>
                <span className="text-sm text-muted">{t(`welcome.${choice}Text`)}</span>
              </button>
            )
          })}
        </div>
        <Button variant="ghost" className="mt-4" onClick={onDone}>
          {t('welcome.skip')}
        </Button>
      </div>
    </div>
  )
}
