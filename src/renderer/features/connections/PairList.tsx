import { ArrowRight, Plus, X } from 'lucide-react'
import type { RefObject } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton, TextField } from '../../components/index.ts'
import type { Pair } from './form.ts'
import { addPair } from './form.ts'

/** Lines of two texts that belong together. */
export function PairList({
  legend,
  hint,
  pairs,
  onChange,
  leftLabel,
  leftPlaceholder,
  rightLabel,
  rightPlaceholder,
  addLabel,
  typeInto,
  tidy,
  rightRef,
  errorOf
}: {
  legend: string
  hint: string
  pairs: readonly Pair[]
  onChange: (pairs: Pair[]) => void
  leftLabel: string
  leftPlaceholder: string
  rightLabel: string
  rightPlaceholder: string
  addLabel: string
  /** Where typing begins in a line that was added. */
  typeInto: 'left' | 'right'
  /** Puts right what was typed into the left box and belongs into the other. */
  tidy?: (pair: Pair) => Pair
  /** The right box of the first line that has nothing on its left. */
  rightRef?: RefObject<HTMLInputElement | null>
  errorOf: (pair: Pair) => string | undefined
}) {
  const { t } = useTranslation('connections')
  const box = useRef<HTMLFieldSetElement>(null)
  const [wanted, setWanted] = useState<{ key: number; side: 'left' | 'right' } | null>(null)
  useEffect(() => {
    if (wanted === null) return
    const input = box.current?.querySelector<HTMLInputElement>(`input[data-line="${wanted.key}"][data-side="${wanted.side}"]`)
    input?.focus()
    input?.setSelectionRange(input.value.length, input.value.length)
  }, [wanted])
  const change = (next: Pair): void => onChange(pairs.map((pair) => (pair.key === next.key ? next : pair)))
  const changeLeft = (pair: Pair): void => {
    const next = tidy?.(pair) ?? pair
    // Typing goes on where the text went.
    if (next.left !== pair.left) setWanted({ key: pair.key, side: 'right' })
    change(next)
  }
  const add = (): void => {
    const next = addPair(pairs)
    const added = next.at(-1)
    if (added !== undefined) setWanted({ key: added.key, side: typeInto })
    onChange(next)
  }
  const everyOther = pairs.find((pair) => pair.left.trim() === '')
  return (
    <fieldset ref={box} className="m-0 flex min-w-0 flex-col gap-1.5 border-0 p-0">
      <legend className="p-0 text-base font-medium text-text">{legend}</legend>
      <p className="m-0 text-sm text-muted">{hint}</p>
      {pairs.map((pair, index) => {
        const error = errorOf(pair)
        return (
          <div key={pair.key} className="flex flex-col gap-1">
            <div className="flex items-center gap-2">
              <TextField
                aria-label={t('pair.label', { label: leftLabel, n: index + 1 })}
                placeholder={leftPlaceholder}
                value={pair.left}
                onChange={(left) => changeLeft({ ...pair, left })}
                data-line={pair.key}
                data-side="left"
                aria-invalid={error !== undefined}
                mono
                boxClassName="flex-2"
              />
              <ArrowRight size={14} className="shrink-0 text-faint" aria-hidden="true" />
              <TextField
                aria-label={t('pair.label', { label: rightLabel, n: index + 1 })}
                placeholder={rightPlaceholder}
                value={pair.right}
                onChange={(right) => change({ ...pair, right })}
                ref={pair === everyOther ? rightRef : undefined}
                data-line={pair.key}
                data-side="right"
                aria-invalid={error !== undefined}
                mono
                boxClassName="flex-3"
              />
              <IconButton
                label={t('pair.remove', { n: index + 1 })}
                icon={<X size={14} aria-hidden="true" />}
                onClick={() => onChange(pairs.filter((each) => each.key !== pair.key))}
              />
            </div>
            {error === undefined ? null : (
              <p role="alert" className="m-0 text-sm text-danger">
                {error}
              </p>
            )}
          </div>
        )
      })}
      <div>
        <Button size="sm" icon={<Plus size={13} aria-hidden="true" />} onClick={add}>
          {addLabel}
        </Button>
      </div>
    </fieldset>
  )
}
