/** Transfers in words. */
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { BatchView, TransferView } from '../../../shared/model.ts'
import { describeError } from '../../../shared/error-texts.ts'
import type { Format } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Language } from '../../i18n/index.ts'
import type { Phase } from './store.ts'
import { over } from './store.ts'
import type { TimeLeft } from './time-left.ts'
import { roundSeconds } from './time-left.ts'

export type Words = ReturnType<typeof createWords>

/** Sentences and facts in one language. Stable until the language changes, so that rows can take it as a property. */
export function useWords(): Words {
  const { t, i18n } = useTranslation('transfers')
  const format = useFormat()
  const language = i18n.language as Language
  return useMemo(() => createWords(t, format, language), [t, format, language])
}

function createWords(t: TFunction<'transfers'>, format: Format, language: Language) {
  const files = (count: number): string => t('files', { count, n: format.number(count) })
  const filesOf = (done: number, total: number): string =>
    t('filesOf', { count: total, done: format.number(done), total: format.number(total) })
  const bytesOf = (done: number, total: number): string => t('bytesOf', { done: format.bytes(done), total: format.bytes(total) })
  const left = (time: TimeLeft | null | undefined): string | null =>
    time == null ? null : t('left', { time: format.duration(roundSeconds(time.seconds)) })

  return {
    t,
    files,
    filesOf,
    bytesOf,
    left,
    title: ({ title, more, kind }: Pick<BatchView, 'title' | 'more' | 'kind'>): string =>
      title === '' ? t(`untitled.${kind}`) : more === 0 ? title : t('andMore', { title, count: more, n: format.number(more) }),
    /** Facts under the title of a batch, each short, to be set in a row with dots between. */
    facts(batch: BatchView, phase: Phase, time: TimeLeft | null | undefined): string[] {
      const { counts, totalFiles, totalBytes, doneBytes } = batch
      const facts: (string | null)[] = []
      if (batch.finishedAt !== null) {
        const good = counts.done + counts.skipped
        facts.push(good === totalFiles ? files(totalFiles) : filesOf(good, totalFiles))
        if (doneBytes > 0) facts.push(format.bytes(doneBytes))
        if (batch.renamed > 0) facts.push(t('renamed', { count: batch.renamed, n: format.number(batch.renamed) }))
        if (counts.skipped > 0) facts.push(t('skipped', { count: counts.skipped, n: format.number(counts.skipped) }))
        if (counts.cancelled > 0) facts.push(t('cancelled', { count: counts.cancelled, n: format.number(counts.cancelled) }))
        facts.push(format.dateTime(batch.finishedAt))
        return facts.filter((fact) => fact !== null)
      }
      facts.push(phase === 'running' ? t(`phase.running.${batch.kind}`) : t(`phase.${phase}`))
      if (batch.scanning) facts.push(t('found', { count: totalFiles, n: format.number(totalFiles) }))
      else facts.push(filesOf(over(counts), totalFiles))
      if (totalBytes > 0) facts.push(bytesOf(doneBytes, totalBytes))
      if (phase === 'running' && batch.rateBytes > 0) facts.push(format.rate(batch.rateBytes))
      if (phase === 'running' && !batch.scanning) facts.push(left(time))
      return facts.filter((fact) => fact !== null)
    },
    /** Facts under the name of a member, without its error. */
    member(transfer: TransferView): string[] {
      const { tag, step, sizeBytes, doneBytes } = transfer
      const started = doneBytes > 0 && doneBytes < sizeBytes
      const size = sizeBytes > 0 || transfer.kind === 'upload' ? format.bytes(sizeBytes) : null
      const amount = started ? bytesOf(doneBytes, sizeBytes) : size
      const what = tag === 'running' ? t(`step.${step ?? 'preparing'}`) : tag === 'done' ? null : t(`tag.${tag}`)
      const saved = transfer.savedAs === null ? null : t('savedAs', { name: transfer.savedAs })
      return [what, tag === 'done' ? size : amount, saved, tag === 'done' ? whereNow(transfer) : null].filter((fact) => fact !== null)
    },
    /** Why it waits, and how long still. */
    nextTry(seconds: number, reason: string): string {
      return seconds > 0 ? t('nextTry', { time: format.duration(seconds), reason }) : t('nextTryNow', { reason })
    },
    error: (error: NonNullable<TransferView['error']>) => describeError(error, language)
  }
}

/** What came of it: where the file is now. */
function whereNow(transfer: TransferView): string | null {
  if (transfer.kind === 'download') return transfer.localPath ?? transfer.fileId
  return transfer.fileId
}

export const DOT = ' · '
