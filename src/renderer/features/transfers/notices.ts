/** Notices of the program as short messages: one per batch, whatever happened in it. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { on } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { navigate } from '../../app/navigation.ts'
import type { Events } from '../../../shared/contract.ts'
import { ERRORS } from '../../../shared/errors.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import { describeError } from '../../../shared/error-texts.ts'
import type { BatchKind } from '../../../shared/model.ts'
import { toast } from '../../components/index.ts'
import type { ToastInput } from '../../components/toast.ts'
import { createFormat } from '../../i18n/format.ts'
import type { Language } from '../../i18n/index.ts'
import { useShowInLibrary } from '../files/index.ts'
import { reveal } from './actions.ts'
import { useTransfers } from './store.ts'

type Notice = Events['notice']
type Translate = ReturnType<typeof useTranslation<'transfers'>>['t']

export interface NoticePort {
  t: Translate
  language: Language
  canReveal: boolean
  /** Where a batch wrote to, when it is known. */
  targetOf(batchId: number): string | null
  reveal(path: string): void
  showBatch(batchId: number): void
  showTransfers(): void
}

const KINDS: readonly BatchKind[] = ['upload', 'download', 'zip', 'metadata', 'delete', 'finish']
/** Notices that have a text of their own. */
const TOLD = ['BATCH_LOST', 'JOURNAL_FAILED', 'ROW_UNREADABLE', 'LEFTOVERS', 'FILE_SET_ASIDE'] as const

/** What a notice says; null: nothing that the user does not know already. */
export function noticeToast(notice: Notice, port: NoticePort): ToastInput | null {
  const { t, language } = port
  const { code, detail } = notice
  const kind = KINDS.find((each) => each === detail['kind'])
  if ((code === 'BATCH_DONE' || code === 'BATCH_FAILED') && kind !== undefined) return batchToast(kind, detail, port)
  if (Object.hasOwn(ERRORS, code)) {
    const { what, next } = describeError({ code: code as ErrorCode, message: code, detail }, language)
    return { kind: notice.kind, title: what, text: next, key: `notice-${code}` }
  }
  const told = TOLD.find((each) => each === code)
  return {
    kind: notice.kind,
    title:
      told === undefined
        ? t('notice.other', { code })
        : t(`notice.${told}`, { path: detail['path'] ?? '', setAside: detail['setAside'] ?? '' }),
    key: `notice-${code}`
  }
}

function batchToast(kind: BatchKind, detail: Notice['detail'], port: NoticePort): ToastInput | null {
  const { t } = port
  const format = createFormat(port.language)
  const count = (key: string): number => Number(detail[key] ?? 0)
  const batchId = count('batchId')
  const title = String(detail['title'] ?? '')
  const more = count('more')
  const name = title === '' ? t('notice.unnamed') : more === 0 ? title : t('andMore', { title, count: more, n: format.number(more) })
  const good = count('done') + count('skipped')
  const [failed, cancelled] = [count('failed'), count('cancelled')]
  // Whoever cancels everything sees that it is gone.
  if (good + failed === 0 && cancelled > 0) return null
  const part = (key: 'failed' | 'skipped' | 'cancelled'): string | null =>
    count(key) === 0 ? null : t(key, { count: count(key), n: format.number(count(key)) })
  const facts = [t('files', { count: good, n: format.number(good) }), part('failed'), part('skipped'), part('cancelled')]
  const outcome = failed > 0 ? 'partly' : cancelled > 0 ? 'stopped' : 'done'
  const target = port.targetOf(batchId)
  const action =
    failed > 0
      ? { label: t('notice.showTransfers'), onClick: port.showTransfers }
      : kind === 'upload'
        ? { label: t('action.showInLibrary'), onClick: () => port.showBatch(batchId) }
        : target !== null && port.canReveal
          ? { label: t('action.showInFolder'), onClick: () => port.reveal(target) }
          : undefined
  return {
    kind: failed > 0 ? 'error' : cancelled > 0 ? 'info' : 'success',
    title: t(`notice.${outcome}.${kind}`, { name }),
    text: facts.filter((fact) => fact !== null).join(t('notice.comma')),
    key: `batch-${batchId}`,
    ...(action === undefined ? {} : { action })
  }
}

export function useNotices(): void {
  const { t, i18n } = useTranslation('transfers')
  const canReveal = useInfo((info) => info.host.reveal)
  const showInLibrary = useShowInLibrary()
  const language = i18n.language as Language
  useEffect(
    () =>
      on('notice', (notice) => {
        const input = noticeToast(notice, {
          t,
          language,
          canReveal,
          targetOf: (batchId) => useTransfers.getState().batches[batchId]?.target ?? null,
          reveal,
          showBatch: (batchId) => showInLibrary({ batchId }),
          showTransfers: () => navigate('transfers')
        })
        if (input !== null) toast(input)
      }),
    [t, language, canReveal, showInLibrary]
  )
}
