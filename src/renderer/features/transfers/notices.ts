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

type Notice = Events['notice']
type Translate = ReturnType<typeof useTranslation<'transfers'>>['t']

export interface NoticePort {
  t: Translate
  language: Language
  canReveal: boolean
  reveal(path: string): void
  showBatch(batchId: number): void
  showTransfers(): void
}

const KINDS: readonly BatchKind[] = ['upload', 'download', 'zip', 'metadata', 'delete']

/** What a notice says. */
export function noticeToast(notice: Notice, port: NoticePort): ToastInput {
  const { t, language } = port
  const { detail } = notice
  const kind = KINDS.find((each) => each === detail['kind'])
  if (notice.code === 'batch.finished' && kind !== undefined) {
    const format = createFormat(language)
    const count = (key: string): number => Number(detail[key] ?? 0)
    const name = String(detail['title'] ?? '')
    const batchId = count('batchId')
    const failed = count('failed')
    const good = count('done') + count('skipped')
    const part = (key: 'failed' | 'skipped' | 'cancelled'): string | null =>
      count(key) === 0 ? null : t(key, { count: count(key), n: format.number(count(key)) })
    const facts = [t('files', { count: good, n: format.number(good) }), part('failed'), part('skipped'), part('cancelled')]
    const target = typeof detail['target'] === 'string' ? detail['target'] : null
    return {
      kind: failed > 0 ? 'error' : 'success',
      title: name === '' ? t(`untitled.${kind}`) : t(`notice.${failed > 0 ? 'partly' : 'done'}.${kind}`, { name }),
      text: facts.filter((fact) => fact !== null).join(t('notice.comma')),
      key: `batch-${batchId}`,
      ...(failed > 0
        ? { action: { label: t('notice.showFailed'), onClick: port.showTransfers } }
        : kind === 'upload'
          ? { action: { label: t('action.showInLibrary'), onClick: () => port.showBatch(batchId) } }
          : target !== null && port.canReveal
            ? { action: { label: t('action.showInFolder'), onClick: () => port.reveal(target) } }
            : {})
    }
  }
  if (Object.hasOwn(ERRORS, notice.code)) {
    const { what, next } = describeError({ code: notice.code as ErrorCode, message: notice.code, detail }, language)
    return { kind: notice.kind, title: what, text: next, key: `notice-${notice.code}` }
  }
  return { kind: notice.kind, title: t('notice.other', { code: notice.code }), key: `notice-${notice.code}` }
}

export function useNotices(): void {
  const { t, i18n } = useTranslation('transfers')
  const canReveal = useInfo((info) => info.host.reveal)
  const showInLibrary = useShowInLibrary()
  const language = i18n.language as Language
  useEffect(
    () =>
      on('notice', (notice) =>
        toast(
          noticeToast(notice, {
            t,
            language,
            canReveal,
            reveal,
            showBatch: (batchId) => showInLibrary({ batchId }),
            showTransfers: () => navigate('transfers')
          })
        )
      ),
    [t, language, canReveal, showInLibrary]
  )
}
