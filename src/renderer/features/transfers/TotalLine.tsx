import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Progress } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { ALL, fraction, over, unfinished, useTransfers } from './store.ts'
import { DOT, useWords } from './words.ts'

/** Everything that is not finished, as one line of facts. */
export function useTotalFacts(): { facts: string[]; part: number | null; paused: boolean } {
  const { t } = useTranslation('transfers')
  const format = useFormat()
  const words = useWords()
  const totals = useTransfers((state) => state.totals)
  const time = useTransfers((state) => state.timeLeft[ALL])
  const { counts } = totals
  const all = unfinished(counts) + over(counts)
  const facts = [
    totals.paused ? t('phase.paused') : null,
    words.filesOf(over(counts), all),
    totals.totalBytes > 0 ? words.bytesOf(totals.doneBytes, totals.totalBytes) : null,
    !totals.paused && totals.rateBytes > 0 ? format.rate(totals.rateBytes) : null,
    totals.paused ? null : words.left(time)
  ].filter((fact) => fact !== null && fact !== undefined)
  return { facts, part: fraction(totals), paused: totals.paused }
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
