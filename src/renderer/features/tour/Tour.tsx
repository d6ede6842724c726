import { Popover } from '@base-ui/react/popover'
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/index.ts'

/** Each points at an element of the window, by its `data-tour`. One that is not there (a hidden pane) is passed over. */
const STEPS = ['library', 'inspector', 'transfers', 'commands'] as const
type Step = (typeof STEPS)[number]

const SIDES: Record<Step, 'right' | 'left'> = { library: 'right', inspector: 'left', transfers: 'right', commands: 'right' }

const ALIGN: Record<Step, 'start' | 'center' | 'end'> = { library: 'start', inspector: 'center', transfers: 'start', commands: 'end' }

const find = (step: Step): Element | null => document.querySelector(`[data-tour="${step}"]`)

/** Where the element is, also after the window was resized. */
function useBox(element: Element | null): DOMRect | null {
  const [box, setBox] = useState<DOMRect | null>(null)
  useLayoutEffect(() => {
    if (element === null) return
    const measure = (): void => setBox(element.getBoundingClientRect())
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    window.addEventListener('resize', measure)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', measure)
    }
  }, [element])
  return box
}

/** Four hints for a first look around. Escape or "Skip" ends it at any time; nothing behind it is blocked. */
export function Tour({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('tour')
  const [step, setStep] = useState<Step>(STEPS[0])
  const next = useRef<HTMLButtonElement>(null)
  const element = find(step)
  const box = useBox(element)
  const index = STEPS.indexOf(step)
  const last = index === STEPS.length - 1
  /** Looks when it is asked: panes come and go. */
  const go = (steps: readonly Step[]): void => {
    const there = steps.find((each) => find(each) !== null)
    if (there === undefined) onClose()
    else setStep(there)
  }
  return (
    <Popover.Root
      open
      onOpenChange={(open, { reason }) => {
        // A click beside it is the user trying what was said.
        if (!open && reason === 'escape-key') onClose()
      }}
    >
      {box === null ? null : (
        <div
          aria-hidden="true"
          className="pointer-events-none fixed z-40 rounded-lg ring-2 ring-accent transition-all"
          style={{ left: box.x - 3, top: box.y - 3, width: box.width + 6, height: box.height + 6 }}
        />
      )}
      <Popover.Portal>
        <Popover.Positioner className="z-50" anchor={element} side={SIDES[step]} align={ALIGN[step]} sideOffset={12} collisionPadding={12}>
          <Popover.Popup
            key={step}
            initialFocus={next}
            data-testid="tour"
            data-step={step}
            className="pop w-80 rounded-xl bg-raised p-4 text-text shadow-dialog outline-none"
          >
            <p className="tabular m-0 mb-1 text-sm text-muted">{t('position', { number: index + 1, total: STEPS.length })}</p>
            <Popover.Title className="m-0 text-lg font-semibold">{t(`step.${step}.title`)}</Popover.Title>
            <Popover.Description className="mt-1 mb-4 text-base text-muted">{t(`step.${step}.text`)}</Popover.Description>
            <div className="flex items-center gap-2">
              <Button variant="ghost" className="-ml-2.5" onClick={onClose}>
                {t('skip')}
              </Button>
              <span className="flex-1" />
              {index === 0 ? null : <Button onClick={() => go(STEPS.slice(0, index).toReversed())}>{t('back')}</Button>}
              <Button ref={next} variant="primary" onClick={() => go(STEPS.slice(index + 1))}>
                {last ? t('done') : t('next')}
              </Button>
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
