import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Progress } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { ALL, fraction, over, unfinished, useTransfers } from './store.ts'
import { DOT, useWords } from './words.ts'

/** Everything that is not finished, as one line of facts. */
export function useTotalFacts(): { facts: string[]; part: number | null; paused: boolean /* or nothing but an answer is missing */ } {
  const { t } = useTranslation('transfers')
  const format = useFormat()
  const words = useWords()
  const totals = useTransfers((state) => state.totals)
  const time = useTransfers((state) => state.timeLeft[ALL])
  const asking = useTransfers((state) => state.order.reduce((sum, id) => sum + (state.batches[id]?.conflicts ?? 0), 0))
  const { counts } = totals
  // What waits for an answer or for another try has neither a speed nor an end in sight.
  const moving = counts.running > 0 && !totals.paused
  const idle = !moving && asking > 0 && counts.queued + counts.waiting === 0
  const all = unfinished(counts) + over(counts)
  const facts = [
    totals.paused ? t('phase.paused') : idle ? t('phase.asking') : null,
    words.filesOf(over(counts), all),
    totals.totalBytes > 0 ? words.bytesOf(totals.doneBytes, totals.totalBytes) : null,
    moving && totals.rateBytes > 0 ? format.rate(totals.rateBytes) : null,
    moving ? words.left(time) : null
  ].filter((fact) => fact !== null && fact !== undefined)
  return { facts, part: fraction(totals), paused: totals.paused || idle }
}

export function TotalLine({ graph }: { graph: ReactNode }) {
  const { t } = useTranslation('transfers')
  const { facts, part, paused } = useTotalFacts()
  return (
    <div className="flex items-end gap-6" data-testid="transfers-total">
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <Progress value={part} label={t('total')} text={facts.join(', ')} tone={paused ? 'muted' : 'accent'} />
        <p className="tabular m-0 text-base text-muted">{facts.join(DOT)}</p>
      </div>
      {graph}
    </div>
  )
}
