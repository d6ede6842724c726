import {
  ChevronRight,
  ChevronsDown,
  ChevronsUp,
  CircleAlert,
  CircleCheck,
  CircleHelp,
  CircleSlash,
  Ellipsis,
  Pause,
  Play,
  Stethoscope,
  X
} from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { BatchView } from '../../../shared/model.ts'
import { useInfo } from '../../app/app-info.ts'
import { canDiagnose, requestDiagnosis } from '../../app/diagnosis-request.ts'
import { Badge, Button, IconButton, Menu, Progress, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { KindIcon } from './icons.tsx'
import { SpeedGraph } from './SpeedGraph.tsx'
import { batchMenu, useBatchActions } from './menus.tsx'
import type { BatchAction } from './menus.tsx'
import { fraction, phaseOf, useTransfers, waitReason } from './store.ts'
import type { Phase } from './store.ts'
import { DOT, useWords } from './words.ts'

const TONES: Record<Phase, 'accent' | 'success' | 'danger' | 'warning' | 'muted'> = {
  scanning: 'accent',
  queued: 'muted',
  running: 'accent',
  waiting: 'warning',
  asking: 'warning',
  paused: 'muted',
  done: 'success',
  partly: 'danger',
  failed: 'danger',
  cancelled: 'muted'
}

function PhaseIcon({ phase, batch }: { phase: Phase; batch: BatchView }) {
  const { t } = useTranslation(['transfers', 'common'])
  const kind = t(`kind.${batch.kind}`)
  const box = 'flex size-8 shrink-0 items-center justify-center rounded-lg'
  const label = phase === 'running' ? kind : `${kind}, ${t(`phase.${phase}`)}`
  const image =
    phase === 'done' ? (
      <CircleCheck size={17} aria-hidden="true" />
    ) : phase === 'partly' || phase === 'failed' ? (
      <CircleAlert size={17} aria-hidden="true" />
    ) : phase === 'cancelled' ? (
      <CircleSlash size={17} aria-hidden="true" />
    ) : phase === 'asking' ? (
      <CircleHelp size={17} aria-hidden="true" />
    ) : (
      <KindIcon kind={batch.kind} size={17} />
    )
  const look: Record<Phase, string> = {
    scanning: 'bg-accent-soft text-accent',
    running: 'bg-accent-soft text-accent',
    queued: 'bg-active text-muted',
    paused: 'bg-active text-muted',
    cancelled: 'bg-active text-muted',
    waiting: 'bg-warning-soft text-warning',
    asking: 'bg-warning-soft text-warning',
    done: 'bg-success-soft text-success',
    partly: 'bg-danger-soft text-danger',
    failed: 'bg-danger-soft text-danger'
  }
  return (
    <span role="img" aria-label={label} className={cx(box, look[phase])}>
      {image}
    </span>
  )
}

/** Sets a batch apart only when somebody wanted it so. */
function PriorityMark({ priority }: { priority: BatchView['priority'] }) {
  const { t } = useTranslation('batches')
  if (priority === 'normal') return null
  const label = t(priority === 'high' ? 'priority.isHigh' : 'priority.isLow')
  const Icon = priority === 'high' ? ChevronsUp : ChevronsDown
  return (
    <span role="img" aria-label={label} title={label} className={cx('shrink-0', priority === 'high' ? 'text-accent' : 'text-faint')}>
      <Icon size={15} aria-hidden="true" />
    </span>
  )
}

/** Quick ways at the end of the row; all of them are in the menu too. */
const QUICK: readonly BatchAction['id'][] = ['retry', 'folder', 'library', 'ids']

/** One batch in the list and in the panel at the bottom. Renders only when this batch changed. */
export const BatchRow = memo(function BatchRow({
  batchId,
  expanded,
  onToggle,
  tabIndex = 0
}: {
  batchId: number
  /** undefined: cannot be opened here. */
  expanded?: boolean
  onToggle?: (batchId: number) => void
  /** For the controls inside the row. */
  tabIndex?: 0 | -1
}) {
  const { t } = useTranslation(['transfers', 'common', 'batches', 'conflicts'])
  const format = useFormat()
  const words = useWords()
  const batch = useTransfers((state) => state.batches[batchId])
  const waiting = useTransfers((state) => (state.batches[batchId] ? waitReason(state, state.batches[batchId]) : null))
  const timeLeft = useTransfers((state) => state.timeLeft[batchId])
  const allPaused = useTransfers((state) => state.totals.paused)
  const profile = useInfo((info) =>
    batch === undefined || batch.profileId === info.activeProfileId ? undefined : info.profiles.find((each) => each.id === batch.profileId)
  )
  const actionsOf = useBatchActions()
  if (batch === undefined) return null

  const phase = phaseOf(batch, allPaused)
  const title = words.title(batch)
  const facts = words.facts(batch, phase, timeLeft)
  const part = fraction(batch)
  const running = batch.finishedAt === null
  const actions = actionsOf(batch)
  const failed = batch.counts.failed
  const error = phase === 'failed' ? batch.error : phase === 'waiting' || phase === 'queued' ? waiting : null
  const trouble = error === null ? null : words.error(error)

  return (
    <div className="flex min-w-0 items-center gap-3 py-2.5">
      {expanded === undefined ? null : (
        <button
          type="button"
          tabIndex={-1}
          aria-label={t(expanded ? 'row.close' : 'row.open', { name: title })}
          onClick={() => onToggle?.(batchId)}
          className="-mr-1.5 -ml-1 flex size-6 shrink-0 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-text"
        >
          <ChevronRight size={15} className={cx('transition-transform duration-100', expanded && 'rotate-90')} aria-hidden="true" />
        </button>
      )}
      <PhaseIcon phase={phase} batch={batch} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex min-w-0 items-center gap-2">
          <span className="min-w-0 truncate text-base font-medium text-text" title={title}>
            {title}
          </span>
          <PriorityMark priority={batch.priority} />
          {failed > 0 ? <Badge tone="danger">{t('failed', { count: failed, n: format.number(failed) })}</Badge> : null}
          {profile === undefined ? null : <Badge>{profile.builtIn ? t('common:connection.builtIn') : profile.name}</Badge>}
          {running && part !== null && !batch.scanning ? (
            <span className="tabular ml-auto flex items-center gap-3 pl-2 text-sm text-muted">
              {phase === 'running' ? <SpeedGraph batchId={batchId} small /> : null}
              <span aria-hidden="true">{format.percent(part)}</span>
            </span>
          ) : null}
        </div>
        {running ? (
          <Progress
            value={batch.scanning ? null : part}
            label={t('row.progress', { name: title })}
            text={facts.join(', ')}
            tone={TONES[phase]}
          />
        ) : null}
        <p className="tabular m-0 truncate text-sm text-muted" title={facts.join(DOT)}>
          {facts.join(DOT)}
        </p>
        {trouble === null ? null : (
          <p className={cx('m-0 text-sm', phase === 'failed' ? 'text-danger' : 'text-warning')}>
            {trouble.what} <span className="text-muted">{trouble.next}</span>
          </p>
        )}
        {batch.conflicts > 0 && running ? (
          <p className="m-0 text-sm text-warning">{t('conflicts:row', { count: batch.conflicts, n: format.number(batch.conflicts) })}</p>
        ) : null}
      </div>
      <div className="flex shrink-0 items-center gap-0.5">
        {error !== null && canDiagnose(error) ? (
          <Button
            size="sm"
            variant="ghost"
            tabIndex={tabIndex}
            icon={<Stethoscope size={13} aria-hidden="true" />}
            aria-label={t('batches:diagnoseHint', { name: title })}
            onClick={() => requestDiagnosis(batch.profileId)}
          >
            {t('batches:diagnose')}
          </Button>
        ) : null}
        {batch.conflicts > 0 && running ? (
          <Button size="sm" tabIndex={tabIndex} onClick={actions.find((action) => action.id === 'decide')?.run}>
            {t('conflicts:decide')}
          </Button>
        ) : null}
        {running ? (
          <>
            {batch.paused ? (
              <IconButton
                tabIndex={tabIndex}
                label={t('row.resume', { name: title })}
                icon={<Play size={15} aria-hidden="true" />}
                onClick={actions.find((action) => action.id === 'resume')?.run}
              />
            ) : (
              <IconButton
                tabIndex={tabIndex}
                label={t('row.pause', { name: title })}
                icon={<Pause size={15} aria-hidden="true" />}
                onClick={actions.find((action) => action.id === 'pause')?.run}
              />
            )}
            <IconButton
              tabIndex={tabIndex}
              label={t('row.cancel', { name: title })}
              icon={<X size={15} aria-hidden="true" />}
              onClick={actions.find((action) => action.id === 'cancel')?.run}
            />
          </>
        ) : (
          actions
            .filter((action) => QUICK.includes(action.id))
            .slice(0, 1)
            .map((action) => (
              <Button
                key={action.id}
                size="sm"
                variant="ghost"
                tabIndex={tabIndex}
                onClick={action.run}
                className="text-muted hover:text-text"
              >
                {action.label}
              </Button>
            ))
        )}
        <Menu
          align="end"
          items={batchMenu(actions)}
          trigger={
            <IconButton tabIndex={tabIndex} label={t('row.more', { name: title })} icon={<Ellipsis size={15} aria-hidden="true" />} />
          }
        />
      </div>
    </div>
  )
})
