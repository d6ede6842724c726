import { TriangleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import {
  Button,
  ErrorNote,
  IconButton,
  Progress,
  Spinner,
  copyText,
  errorDetails,
  toastError,
  useErrorText
} from '../../components/index.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { useFormat } from '../../i18n/format.ts'
import type { IntakeJob } from './intake.ts'
import { dismissJob, useIntake } from './intake.ts'

const SHOWN_FAILURES = 3

function Failure({ path, error }: { path: string; error: ErrorData }) {
  return (
    <li className="truncate text-sm text-muted">
      <span className="text-text">{path}</span> – {useErrorText(error).what}
    </li>
  )
}

function Job({ job }: { job: IntakeJob }) {
  const { t } = useTranslation(['files', 'common'])
  const format = useFormat()
  const row = 'border-t border-line px-4 py-2.5'
  if (job.error !== null)
    return (
      <div className={row}>
        <ErrorNote error={job.error} />
        <Button size="sm" className="mt-2" onClick={() => dismissJob(job.id)}>
          {t('common:action.dismiss')}
        </Button>
      </div>
    )
  if (job.finished)
    return (
      <div className={`${row} flex items-start gap-3`} role="alert">
        <TriangleAlert size={16} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
        <div className="min-w-0 flex-1">
          <p className="m-0 font-medium">
            {t('intake.failed', { count: job.failures.length, number: format.number(job.failures.length) })}
          </p>
          <ul className="m-0 list-none p-0">
            {job.failures.slice(0, SHOWN_FAILURES).map((failure) => (
              <Failure key={failure.path} {...failure} />
            ))}
          </ul>
        </div>
        <Button
          size="sm"
          onClick={() => {
            const report = job.failures.map(({ path, error }) => `${path}\n${errorDetails(error)}`).join('\n\n')
            copyText(report).catch(toastError)
          }}
        >
          {t('intake.copyReport')}
        </Button>
        <IconButton
          size="sm"
          label={t('common:action.dismiss')}
          icon={<X size={14} aria-hidden="true" />}
          onClick={() => dismissJob(job.id)}
        />
      </div>
    )
  const fraction = job.totalBytes === 0 ? job.doneFiles / Math.max(1, job.totalFiles) : job.doneBytes / job.totalBytes
  return (
    <div className={`${row} flex items-center gap-3`} data-testid="intake-job">
      <Spinner size={14} className="text-accent" />
      <span className="tabular shrink-0 text-base">
        {t('intake.reading', { done: format.number(job.doneFiles), total: format.number(job.totalFiles), count: job.totalFiles })}
      </span>
      <Progress value={fraction} label={t('intake.label')} className="flex-1" />
      <span className="tabular shrink-0 text-sm text-muted">
        {t('intake.bytes', { done: format.bytes(job.doneBytes), total: format.bytes(job.totalBytes) })}
      </span>
      <Button size="sm" onClick={job.cancel}>
        {t('common:action.cancel')}
      </Button>
    </div>
  )
}

/** Browser host only: files on their way into the program, before there is a transfer to show. */
export function IntakeBar() {
  const jobs = useIntake((state) => state.jobs)
  return jobs.map((job) => <Job key={job.id} job={job} />)
}
