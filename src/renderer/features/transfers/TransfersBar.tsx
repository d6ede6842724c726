import { ChevronDown, ChevronUp, CircleAlert, CircleCheck, Pause, Play, X } from 'lucide-react'
import { Suspense, lazy, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { recall, remember } from '../../app/layout.ts'
import { navigate, useNavigation } from '../../app/navigation.ts'
import { Button, IconButton, LiveRegion, Progress, Spinner, cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { control } from './actions.ts'
import { startTransfers } from './feed.ts'
import { useNotices } from './notices.ts'
import { Questions } from './Questions.tsx'
import { unfinished, useTransfers } from './store.ts'
import { useTotalFacts } from './TotalLine.tsx'
import { DOT } from './words.ts'

const TransfersPanel = lazy(async () => ({ default: (await import('./TransfersPanel.tsx')).TransfersPanel }))

function Summary() {
  const { t } = useTranslation('transfers')
  const format = useFormat()
  const { facts, part, paused } = useTotalFacts()
  const busy = useTransfers((state) => state.totals.activeBatches > 0)
  const failed = useTransfers((state) => state.order.reduce((sum, id) => sum + (state.batches[id]?.counts.failed ?? 0), 0))
  const finished = useTransfers((state) => state.order.length)
  const trouble =
    failed === 0 ? null : (
      <span className="flex shrink-0 items-center gap-1 text-danger">
        <CircleAlert size={14} aria-hidden="true" />
        {t('failed', { count: failed, n: format.number(failed) })}
      </span>
    )
  if (!busy)
    return (
      <span className="flex min-w-0 flex-1 items-center gap-3 text-base">
        <span className="flex min-w-0 items-center gap-2 text-muted">
          {failed === 0 ? <CircleCheck size={15} className="shrink-0 text-success" aria-hidden="true" /> : null}
          <span className="truncate">{t('bar.finished', { count: finished, n: format.number(finished) })}</span>
        </span>
        {trouble}
      </span>
    )
  return (
    <span className="flex min-w-0 flex-1 items-center gap-3 text-base">
      <span className="flex shrink-0 text-accent">{paused ? <Pause size={14} aria-hidden="true" /> : <Spinner size={14} />}</span>
      <Progress className="w-32 shrink-0" value={part} label={t('total')} text={facts.join(', ')} tone={paused ? 'muted' : 'accent'} />
      <span className="tabular min-w-0 truncate text-muted" title={facts.join(DOT)}>
        {facts.join(DOT)}
      </span>
      {trouble}
    </span>
  )
}

/** Docked at the bottom of the window: one line, or the batches. Also where the feed, the notices and the questions live. */
export function TransfersBar() {
  const { t } = useTranslation('transfers')
  const [open, setOpen] = useState(() => recall('transfers-panel', (value) => typeof value === 'boolean') ?? false)
  /** What was finished when the bar was closed: it stays away until something new happens. */
  const [dismissed, setDismissed] = useState('')
  const view = useNavigation((state) => state.view)
  const any = useTransfers((state) => state.order.length > 0)
  const busy = useTransfers((state) => state.totals.activeBatches > 0)
  const paused = useTransfers((state) => state.totals.paused)
  const state = useTransfers((state) => state.order.map((id) => `${id}:${state.batches[id]?.finishedAt ?? ''}`).join())
  const rest = useTransfers((state) => unfinished(state.totals.counts))
  useEffect(() => startTransfers(client()), [])
  useNotices()
  const toggle = (): void => {
    setOpen(!open)
    remember('transfers-panel', !open)
  }

  const shown = any && view !== 'transfers' && (busy || dismissed !== state)
  return (
    <>
      {/* Batches are read by their notices; this says when nothing is left to wait for. */}
      <LiveRegion text={any && !busy && rest === 0 ? t('bar.allOver') : ''} waitMs={1_500} />
      <Questions />
      {shown ? (
        <section aria-label={t('bar.label')} data-testid="transfers-bar" className="flex shrink-0 flex-col border-t border-line bg-bg">
          {open ? (
            <Suspense fallback={null}>
              <TransfersPanel />
            </Suspense>
          ) : null}
          <div className={cx('flex h-9 items-center gap-1 pr-2 pl-4', open && 'border-t border-line')}>
            <Summary />
            <Button size="sm" variant="ghost" className="text-muted" onClick={() => navigate('transfers')}>
              {t('bar.showAll')}
            </Button>
            {busy ? (
              <IconButton
                size="sm"
                label={paused ? t('all.resume') : t('all.pause')}
                icon={paused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
                onClick={() => control({ action: paused ? 'resume' : 'pause' })}
              />
            ) : null}
            <IconButton
              size="sm"
              aria-expanded={open}
              label={open ? t('bar.fold') : t('bar.unfold')}
              icon={open ? <ChevronDown size={15} aria-hidden="true" /> : <ChevronUp size={15} aria-hidden="true" />}
              onClick={toggle}
            />
            {busy ? null : (
              <IconButton
                size="sm"
                label={t('bar.dismiss')}
                icon={<X size={14} aria-hidden="true" />}
                onClick={() => setDismissed(state)}
              />
            )}
          </div>
        </section>
      ) : null}
    </>
  )
}
