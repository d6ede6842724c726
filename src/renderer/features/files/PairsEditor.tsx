import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton, TextField, cx } from '../../components/index.ts'
import type { PairProblem } from './metadata-draft.ts'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES, keyProblem, utf8Length, valueProblem } from './metadata-draft.ts'

/** A pair that is being written. `id` stays while key and value change. */
export interface Pair {
  id: number
  key: string
  value: string
}

export function useProblemText(): (problem: PairProblem | null) => string | undefined {
  const { t } = useTranslation('files')
  return (problem) => (problem === null ? undefined : t(`metadata.problem.${problem}`, { key: MAX_KEY_BYTES, value: MAX_VALUE_BYTES }))
}

export function problemOf(pair: Pair, pairs: readonly Pair[], others: ReadonlySet<string> = new Set()): PairProblem | null {
  const taken = new Set([...others, ...pairs.filter((each) => each.id !== pair.id).map((each) => each.key)])
  return keyProblem(pair.key.trim(), taken) ?? valueProblem(pair.value)
}

/** How many bytes are used, once it begins to matter. */
export function ByteCount({ text, max }: { text: string; max: number }) {
  const { t } = useTranslation('files')
  const used = utf8Length(text)
  if (used < max * 0.75) return null
  return (
    <span className={cx('tabular text-xs', used > max ? 'font-medium text-danger' : 'text-faint')}>
      {t('metadata.bytes', { used, max })}
    </span>
  )
}

/** Key and value in rows, for metadata that does not exist yet. */
export function PairsEditor({ pairs, onChange }: { pairs: readonly Pair[]; onChange: (pairs: Pair[]) => void }) {
  const { t } = useTranslation('files')
  const problemText = useProblemText()
  const patch = (id: number, change: Partial<Pair>): void => onChange(pairs.map((pair) => (pair.id === id ? { ...pair, ...change } : pair)))
  return (
    <div className="flex flex-col gap-2">
      {pairs.map((pair) => {
        const problem = pair.key === '' && pair.value === '' ? null : problemOf(pair, pairs)
        return (
          <div key={pair.id} className="flex flex-col gap-1">
            <div className="flex items-center gap-2">
              <TextField
                aria-label={t('metadata.key')}
                placeholder={t('metadata.key')}
                value={pair.key}
                onChange={(key) => patch(pair.id, { key })}
                aria-invalid={problem !== null && problem !== 'valueTooLong'}
                boxClassName="w-40"
              />
              <TextField
                aria-label={t('metadata.value')}
                placeholder={t('metadata.value')}
                value={pair.value}
                onChange={(value) => patch(pair.id, { value })}
                aria-invalid={problem === 'valueTooLong'}
                boxClassName="flex-1"
              />
              <IconButton
                label={t('metadata.remove', { key: pair.key })}
                icon={<X size={14} aria-hidden="true" />}
                onClick={() => onChange(pairs.filter((each) => each.id !== pair.id))}
              />
            </div>
            <div className="flex items-center justify-between gap-2 empty:hidden">
              {problem === null ? null : <span className="text-sm text-danger">{problemText(problem)}</span>}
              <ByteCount text={pair.value} max={MAX_VALUE_BYTES} />
            </div>
          </div>
        )
      })}
      <Button
        size="sm"
        variant="ghost"
        className="self-start"
        icon={<Plus size={14} aria-hidden="true" />}
        onClick={() => onChange([...pairs, { id: Math.max(0, ...pairs.map((pair) => pair.id)) + 1, key: '', value: '' }])}
      >
        {t('metadata.add')}
      </Button>
    </div>
  )
}
