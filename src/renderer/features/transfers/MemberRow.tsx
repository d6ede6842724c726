import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  Clock,
  Ellipsis,
  GitCompare,
  Pause,
  Play,
  RotateCw,
  SkipForward,
  Stethoscope,
  X
} from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import { memo } from 'react'
import type { TransferTag, TransferView } from '../../../shared/model.ts'
import { Progress, Spinner, cx, useNow } from '../../components/index.ts'
import { canDiagnose } from '../../app/diagnosis-request.ts'
import { control } from './actions.ts'
import { ask } from './dialogs.ts'
import { isOver, useTransfers } from './store.ts'
import type { Words } from './words.ts'
import { DOT } from './words.ts'

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

type Failing = TransferView & { error: NonNullable<TransferView['error']> }

/** The countdown ticks in here alone. */
function Waiting({ transfer, words }: { transfer: Failing; words: Words }) {
  const now = useNow(1_000)
  const seconds = transfer.retryAt === null ? 0 : Math.ceil((transfer.retryAt - now) / 1_000)
  return <p className="tabular m-0 text-sm text-warning">{words.nextTry(seconds, words.error(transfer.error).what)}</p>
}

/** Why it failed or was passed over, and what to do. */
function Reason({ transfer, words }: { transfer: Failing; words: Words }) {
  const { what, next } = words.error(transfer.error)
  const failed = transfer.tag === 'failed'
  return (
    <p className={cx('m-0 text-sm', failed ? 'text-danger' : 'text-muted')}>
      {what} {failed ? <span className="text-muted">{next}</span> : null}
    </p>
  )
}

/** Lighter than IconButton: a screenful of rows comes and goes with every turn of the wheel. */
function RowButton({
  label,
  icon,
  tabIndex,
  onClick
}: {
  label: string
  icon: ReactNode
  tabIndex: 0 | -1
  onClick: (event: MouseEvent) => void
}) {
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      aria-label={label}
      title={label}
      onClick={onClick}
      className="flex size-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
    >
      {icon}
    </button>
  )
}

/** Opens the context menu of the list at the button, as a right click there would. */
function openMenu(event: MouseEvent): void {
  const { left, bottom } = event.currentTarget.getBoundingClientRect()
  event.currentTarget.dispatchEvent(
    new window.MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom })
  )
}

/** One file of a batch: as its page told, or newer from the snapshots while it runs. */
export const MemberRow = memo(function MemberRow({
  transfer: told,
  words,
  onDiagnose,
  tabIndex
}: {
  transfer: TransferView
  words: Words
  /** Tests the connection of the batch. */
  onDiagnose: (batchId: number) => void
  tabIndex: 0 | -1
}) {
  const transfer = useTransfers((state) => state.active[told.id]) ?? told
  const { t } = words
  const { id: transferId, tag, name, folder } = transfer
  const facts = words.member(transfer).join(DOT)
  const moving = tag === 'running' && transfer.sizeBytes > 0
  const over = isOver(tag)
  const held = tag === 'paused' && transfer.error !== null
  const diagnosable = (tag === 'failed' || tag === 'waiting') && transfer.error !== null && canDiagnose(transfer.error)
  return (
    <div className="flex min-w-0 items-center gap-2.5 py-1.5">
      <span className="flex size-4.5 shrink-0 items-center justify-center self-start pt-px">
        <TagIcon tag={tag} />
        <span className="sr-only">{t(`tag.${tag}`)}</span>
      </span>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex min-w-0 items-baseline gap-2">
          <span className="max-w-full shrink-0 truncate text-base text-text" title={folder === '' ? name : `${folder}/${name}`}>
            {name}
          </span>
          {folder === '' ? null : <span className="min-w-0 truncate text-sm text-faint">{folder}</span>}
        </div>
        <p className="tabular m-0 truncate text-sm text-muted select-text" title={facts}>
          {facts}
        </p>
        {transfer.error === null ? null : tag === 'waiting' ? (
          <Waiting transfer={{ ...transfer, error: transfer.error }} words={words} />
        ) : (
          <Reason transfer={{ ...transfer, error: transfer.error }} words={words} />
        )}
      </div>
      {moving ? (
        <Progress
          className="w-28 shrink-0"
          value={transfer.doneBytes / transfer.sizeBytes}
          label={t('row.progress', { name })}
          text={facts}
        />
      ) : null}
      <div className="flex shrink-0 items-center gap-0.5">
        {diagnosable ? (
          <RowButton
            tabIndex={tabIndex}
            label={t('row.diagnose', { name })}
            icon={<Stethoscope size={14} aria-hidden="true" />}
            onClick={() => onDiagnose(transfer.batchId)}
          />
        ) : null}
        {tag === 'failed' || tag === 'cancelled' ? (
          <RowButton
            tabIndex={tabIndex}
            label={t('row.retry', { name })}
            icon={<RotateCw size={14} aria-hidden="true" />}
            onClick={() => control({ action: 'retry', transferId })}
          />
        ) : held ? (
          <RowButton
            tabIndex={tabIndex}
            label={t('row.decide', { name })}
            icon={<GitCompare size={14} aria-hidden="true" />}
            onClick={() => ask({ tag: 'conflicts', batchId: transfer.batchId })}
          />
        ) : tag === 'paused' ? (
          <RowButton
            tabIndex={tabIndex}
            label={t('row.resume', { name })}
            icon={<Play size={14} aria-hidden="true" />}
            onClick={() => control({ action: 'resume', transferId })}
          />
        ) : over ? null : (
          <RowButton
            tabIndex={tabIndex}
            label={t('row.pause', { name })}
            icon={<Pause size={14} aria-hidden="true" />}
            onClick={() => control({ action: 'pause', transferId })}
          />
        )}
        {over ? null : (
          <RowButton
            tabIndex={tabIndex}
            label={t('row.cancel', { name })}
            icon={<X size={14} aria-hidden="true" />}
            onClick={() => control({ action: 'cancel', transferId })}
          />
        )}
        <RowButton
          tabIndex={tabIndex}
          label={t('row.more', { name })}
          icon={<Ellipsis size={14} aria-hidden="true" />}
          onClick={openMenu}
        />
      </div>
    </div>
  )
})
