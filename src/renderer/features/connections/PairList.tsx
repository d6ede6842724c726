import { ArrowRight, Plus, X } from 'lucide-react'
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
  errorOf: (pair: Pair) => string | undefined
}) {
  const { t } = useTranslation('connections')
  const change = (key: number, part: Partial<Pair>): void => onChange(pairs.map((pair) => (pair.key === key ? { ...pair, ...part } : pair)))
  return (
    <fieldset className="m-0 flex min-w-0 flex-col gap-1.5 border-0 p-0">
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
                onChange={(left) => change(pair.key, { left })}
                aria-invalid={error !== undefined}
                mono
                boxClassName="flex-2"
              />
              <ArrowRight size={14} className="shrink-0 text-faint" aria-hidden="true" />
              <TextField
                aria-label={t('pair.label', { label: rightLabel, n: index + 1 })}
                placeholder={rightPlaceholder}
                value={pair.right}
                onChange={(right) => change(pair.key, { right })}
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
        <Button size="sm" icon={<Plus size={13} aria-hidden="true" />} onClick={() => onChange(addPair(pairs))}>
          {addLabel}
        </Button>
      </div>
    </fieldset>
  )
}
