/** What the user can do with transfers. Every function reports its own failure; none rejects. */
import i18next from 'i18next'
import type { Client } from '../../api/client.ts'
import { call } from '../../api/client.ts'
import type { CallInput } from '../../../shared/contract.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { BatchPriority, BatchView, TransferTag, TransferView } from '../../../shared/model.ts'
import { copyText, toast, toastError } from '../../components/index.ts'
import type { Language } from '../../i18n/index.ts'
import { renamedLines, reportText } from './report.ts'
import { takeSnapshot, useTransfers } from './store.ts'

type Control = CallInput<'transfers.control'>

export function control(input: Control): void {
  call('transfers.control', input).catch(toastError)
}

/** After the first snapshot failed. */
export function loadTransfers(): void {
  call('transfers.snapshot', {}).then(
    (snapshot) => useTransfers.setState((state) => takeSnapshot({ ...state, error: null }, snapshot, Date.now())),
    (thrown: unknown) => useTransfers.setState({ error: toAppError(thrown).toData() })
  )
}

const PAGE = 500

/** All members of a batch with these tags, in order. */
export async function* membersOf(api: Pick<Client, 'call'>, batchId: number, tags: TransferTag[]): AsyncGenerator<TransferView[]> {
  let after: number | null = -1
  while (after !== null) {
    const page: { rows: TransferView[]; cursor: number | null } = await api.call('transfers.page', {
      batchId,
      tags,
      afterSeq: after,
      limit: PAGE
    })
    yield page.rows
    after = page.cursor !== null && page.cursor > after ? page.cursor : null
  }
}

/** Names and reasons of everything that failed, as text. */
export function copyReport(batch: BatchView): void {
  const run = async (): Promise<void> => {
    const failed: TransferView[] = []
    for await (const rows of membersOf({ call }, batch.id, ['failed'])) failed.push(...rows)
    await copyText(reportText(batch, failed, i18next.language as Language))
    toast({ kind: 'success', title: i18next.t('transfers:copied.report', { count: failed.length }), key: 'transfers-copied' })
  }
  run().catch(toastError)
}

/** What was saved under another name. */
export function copyRenamed(batch: BatchView): void {
  const run = async (): Promise<void> => {
    const lines: string[] = []
    for await (const rows of membersOf({ call }, batch.id, ['done'])) {
      lines.push(...renamedLines(rows))
    }
    await copyText(lines.join('\n'))
    toast({ kind: 'success', title: i18next.t('transfers:copied.renamed', { count: lines.length }), key: 'transfers-copied' })
  }
  run().catch(toastError)
}

/** File IDs of what is done, one per line, in the order of the batch. */
export function copyIds(batch: BatchView): void {
  const run = async (): Promise<void> => {
    const ids: string[] = []
    for await (const rows of membersOf({ call }, batch.id, ['done', 'skipped'])) {
      for (const row of rows) if (row.fileId !== null) ids.push(row.fileId)
    }
    await copyText(ids.join('\n'))
    toast({ kind: 'success', title: i18next.t('transfers:copied.ids', { count: ids.length }), key: 'transfers-copied' })
  }
  run().catch(toastError)
}

/** Web addresses of what a batch uploaded, one per line. Without a web address of the cluster the error says how to set one. */
export function copyLinks(batchId: number): void {
  const run = async (): Promise<void> => {
    const { text, count } = await call('files.links', { selection: { query: { batchId }, exceptIds: [] }, format: 'url' })
    await copyText(text)
    toast({ kind: 'success', title: i18next.t('batches:linksCopied', { count }), key: 'transfers-copied' })
  }
  run().catch(toastError)
}

export function prioritise(batchId: number, priority: BatchPriority): void {
  call('transfers.prioritise', { batchId, priority }).catch(toastError)
}

/** One text, such as an ID or a path. */
export function copyOne(text: string, title: string): void {
  copyText(text).then(() => toast({ kind: 'success', title, key: 'transfers-copied' }), toastError)
}

export function reveal(path: string): void {
  call('host.reveal', { path }).catch(toastError)
}
