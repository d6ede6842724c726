import { CircleAlert, CircleCheck, CircleDashed, CircleSlash, Clock, Ellipsis, Pause, Play, RotateCw, SkipForward, X } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { TransferTag, TransferView } from '../../../shared/model.ts'
import { IconButton, Menu, Progress, Spinner, cx, useNow } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { control } from './actions.ts'
import { useMemberMenu } from './menus.tsx'
import { useTransfers } from './store.ts'
import { DOT, useWords } from './words.ts'

function TagIcon({ tag }: { tag: TransferTag }) {
  switch (tag) {
    case 'running':
      return <Spinner size={15} className="text-accent" />
    case 'done':
      return <CircleCheck size={15} className="text-success" aria-hidden="true" />
    case 'failed':
      return <CircleAlert size={15} className="text-danger" aria-hidden="true" />
    case 'waiting':
      return <Clock size={15} className="text-warning" aria-hidden="true" />
    case 'paused':
      return <Pause size={15} className="text-faint" aria-hidden="true" />
    case 'cancelled':
      return <CircleSlash size={15} className="text-faint" aria-hidden="true" />
    case 'skipped':
      return <SkipForward size={15} className="text-faint" aria-hidden="true" />
    case 'queued':
      return <CircleDashed size={15} className="text-faint" aria-hidden="true" />
  }
}

/** Why it waits or failed, and what to do. The countdown ticks in here alone. */
function Trouble({ transfer }: { transfer: TransferView }) {
  const { t } = useTranslation('transfers')
  const format = useFormat()
  const words = useWords()
  const now = useNow(transfer.tag === 'waiting' ? 1_000 : null)
  if (transfer.error === null) return null
  const { what, next } = words.error(transfer.error)
  if (transfer.tag === 'waiting') {
    const seconds = transfer.retryAt === null ? 0 : Math.ceil((transfer.retryAt - now) / 1_000)
    return (
      <p className="tabular m-0 text-sm text-warning">
        {seconds > 0 ? t('nextTry', { time: format.duration(seconds), reason: what }) : t('nextTryNow', { reason: what })}
      </p>
    )
  }
  const bad = transfer.tag === 'failed'
  return (
    <p className={cx('m-0 text-sm', bad ? 'text-danger' : 'text-muted')}>
      {what} {bad ? <span className="text-muted">{next}</span> : null}
    </p>
  )
}

/** One file of a batch: as its page told, or newer from the snapshots while it runs. */
export const MemberRow = memo(function MemberRow({ transfer: told, tabIndex = 0 }: { transfer: TransferView; tabIndex?: 0 | -1 }) {
  const { t } = useTranslation('transfers')
  const words = useWords()
  const menuOf = useMemberMenu()
  const transfer = useTransfers((state) => state.active[told.id]) ?? told
  const { id: transferId, tag, name, folder } = transfer
  const facts = words.member(transfer)
  const moving = tag === 'running' && transfer.sizeBytes > 0
  const path = folder === '' ? name : `${folder}/${name}`
  const over = tag === 'done' || tag === 'failed' || tag === 'cancelled' || tag === 'skipped'
  return (
    <div className="flex min-w-0 items-center gap-2.5 py-1.5">
      <span className="flex size-4.5 shrink-0 items-center justify-center self-start pt-px">
        <TagIcon tag={tag} />
        <span className="sr-only">{t(`tag.${tag}`)}</span>
      </span>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex min-w-0 items-baseline gap-2">
          <span className="max-w-full shrink-0 truncate text-base text-text" title={path}>
            {name}
          </span>
          {folder === '' ? null : <span className="min-w-0 truncate text-sm text-faint">{folder}</span>}
        </div>
        <p className="tabular m-0 truncate text-sm text-muted select-text" title={facts.join(DOT)}>
          {facts.join(DOT)}
        </p>
        <Trouble transfer={transfer} />
      </div>
      {moving ? (
        <Progress
          className="w-28 shrink-0"
          value={transfer.doneBytes / transfer.sizeBytes}
          label={t('row.progress', { name })}
          text={facts.join(', ')}
        />
      ) : null}
      <div className="flex shrink-0 items-center gap-0.5">
        {tag === 'failed' || tag === 'cancelled' ? (
          <IconButton
            size="sm"
            tabIndex={tabIndex}
            label={t('row.retry', { name })}
            icon={<RotateCw size={14} aria-hidden="true" />}
            onClick={() => control({ action: 'retry', transferId })}
          />
        ) : tag === 'paused' ? (
          <IconButton
            size="sm"
            tabIndex={tabIndex}
            label={t('row.resume', { name })}
            icon={<Play size={14} aria-hidden="true" />}
            onClick={() => control({ action: 'resume', transferId })}
          />
        ) : over ? null : (
          <IconButton
            size="sm"
            tabIndex={tabIndex}
            label={t('row.pause', { name })}
            icon={<Pause size={14} aria-hidden="true" />}
            onClick={() => control({ action: 'pause', transferId })}
          />
        )}
        {over ? null : (
          <IconButton
            size="sm"
            tabIndex={tabIndex}
            label={t('row.cancel', { name })}
            icon={<X size={14} aria-hidden="true" />}
            onClick={() => control({ action: 'cancel', transferId })}
          />
        )}
        <Menu
          align="end"
          items={menuOf(transfer)}
          trigger={
            <IconButton size="sm" tabIndex={tabIndex} label={t('row.more', { name })} icon={<Ellipsis size={14} aria-hidden="true" />} />
          }
        />
      </div>
    </div>
  )
})
