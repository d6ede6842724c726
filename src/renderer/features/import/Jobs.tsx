import { CircleCheck, CircleX, LoaderCircle, PauseCircle, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ImportJob } from '../../../shared/import.ts'
import { call } from '../../api/client.ts'
import { Button, ErrorNote, IconButton, Progress, toastError } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'

const act = (work: Promise<unknown>): void => void work.catch(toastError)

/** What runs, and what the last imports did. */
export function Jobs({ jobs }: { jobs: readonly ImportJob[] }) {
  const { t } = useTranslation('import')
  if (jobs.length === 0) return null
  return (
    <section aria-label={t('jobs.label')} className="-mx-5 -mb-4 max-h-28 shrink-0 overflow-y-auto rounded-b-xl border-t border-line bg-bg">
      <ul className="m-0 list-none p-0">
        {jobs.map((job) => (
          <li
            key={job.id}
            data-testid="import-job"
            data-state={job.state}
            data-kind={job.kind}
            className="border-b border-line/60 px-5 py-2.5 last:border-0"
          >
            <Job job={job} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function StateIcon({ job }: { job: ImportJob }) {
  const { t } = useTranslation('import')
  const label = t(`state.${job.state}`)
  const look = { size: 16, 'aria-label': label, role: 'img' } as const
  if (job.state === 'running') return <LoaderCircle {...look} className="mt-0.5 shrink-0 animate-spin text-accent" />
  if (job.state === 'done') return <CircleCheck {...look} className="mt-0.5 shrink-0 text-success" />
  if (job.state === 'failed') return <CircleX {...look} className="mt-0.5 shrink-0 text-danger" />
  return <PauseCircle {...look} className="mt-0.5 shrink-0 text-muted" />
}

function Job({ job }: { job: ImportJob }) {
  const { t } = useTranslation(['import', 'common'])
  const running = job.state === 'running'
  const title = t(`job.${job.kind}`, { group: job.group ?? '', source: job.source })
  const reading = job.kind === 'reading'
  return (
    <div className="flex items-start gap-2.5">
      <StateIcon job={job} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex items-baseline gap-3">
          <span className="min-w-0 truncate font-medium text-text">{title}</span>
          <span className="tabular min-w-0 flex-1 truncate text-sm text-muted" role={running ? 'status' : undefined}>
            <Result job={job} />
          </span>
        </div>
        {running ? <Progress value={job.share} label={title} /> : null}
        {job.error === null ? null : <ErrorNote error={job.error} />}
      </div>
      {running ? (
        <Button size="sm" onClick={() => act(call('import.cancel', { id: job.id }))}>
          {reading ? t('job.pause') : t('common:action.cancel')}
        </Button>
      ) : reading && job.left > 0 ? (
        <>
          <Button size="sm" onClick={() => act(call('import.read', {}))}>
            {t('job.continue')}
          </Button>
          <Button size="sm" variant="ghost" onClick={() => act(call('import.dropReads', {}))}>
            {t('job.drop')}
          </Button>
        </>
      ) : (
        <IconButton
          size="sm"
          label={t('common:action.dismiss')}
          icon={<X size={14} aria-hidden="true" />}
          onClick={() => act(call('import.dismiss', { id: job.id }))}
        />
      )}
    </div>
  )
}

const COUNTED = [
  'added',
  'known',
  'changed',
  'restored',
  'returned',
  'missing',
  'described',
  'trashed',
  'unchecked',
  'orphans',
  'unreadable'
] as const

/** One line of numbers. */
function Result({ job }: { job: ImportJob }) {
  const { t } = useTranslation('import')
  const format = useFormat()
  const count = (key: string, value: number): string => t(`result.${key as 'added'}`, { count: value, number: format.number(value) })
  const parts: string[] = []
  if (job.kind === 'reading') {
    if (job.seen > 0) parts.push(count('asked', job.seen))
    if (job.left > 0) parts.push(count('left', job.left))
  } else {
    if (job.state === 'running') parts.push(count('seen', job.seen))
    const { counts } = job
    // What was added is said even when it is nothing: that is an answer, too.
    if (counts)
      parts.push(
        ...COUNTED.map((key) => [key, counts[key] ?? 0] as const)
          .filter(([key, value]) => value > 0 || (key === 'added' && job.state === 'done'))
          .map(([key, value]) => count(key, value))
      )
  }
  if (job.kind === 'listing' && job.state !== 'running' && !job.complete) parts.push(t('result.incomplete'))
  return parts.join(' · ')
}
