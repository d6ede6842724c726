import i18next from 'i18next'
import type { BatchView, TransferView } from '../../../shared/model.ts'
import { describeError, errorSentences } from '../../../shared/error-texts.ts'
import { createFormat } from '../../i18n/format.ts'
import type { Language } from '../../i18n/index.ts'

/** What failed in a batch and why, for a mail or a ticket: sentences for people, codes and facts for whoever looks into it. */
export function reportText(batch: BatchView, failed: readonly TransferView[], language: Language): string {
  const t = i18next.getFixedT(language, 'transfers')
  const format = createFormat(language)
  const name = batch.title === '' ? t('report.untitled') : batch.title
  const head = [
    t(`report.title.${batch.kind}`, { name }),
    t('report.count', { count: batch.totalFiles, failed: format.number(failed.length), total: format.number(batch.totalFiles) }),
    format.dateTime(batch.finishedAt ?? batch.createdAt)
  ]
  const entries = failed.map((transfer) => {
    const place = transfer.localPath ?? (transfer.folder === '' ? transfer.name : `${transfer.folder}/${transfer.name}`)
    const lines = [place]
    if (transfer.fileId !== null) lines.push(`  ${transfer.fileId}`)
    if (transfer.error !== null) {
      lines.push(`  ${errorSentences(describeError(transfer.error, language), language)}`, `  [${transfer.error.message}]`)
    }
    return lines.join('\n')
  })
  return [head.join('\n'), ...entries].join('\n\n')
}

/** What was saved under another name: its own, a tab, the one it has now. A table, where it is pasted into one. */
export function renamedLines(rows: readonly TransferView[]): string[] {
  return rows.flatMap(({ name, folder, savedAs }) =>
    savedAs === null ? [] : [`${folder === '' ? name : `${folder}/${name}`}\t${savedAs}`]
  )
}
