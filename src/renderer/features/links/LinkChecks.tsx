import { CircleCheck, CircleX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkCheck } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileSelection } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { ErrorNote, Spinner, useErrorText } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'

const LIMIT = 100

function Failure({ check, error }: { check: LinkCheck; error: ErrorData }) {
  const text = useErrorText(error)
  return (
    <li className="flex gap-2.5 py-1.5" data-testid="link-check" data-ok={false}>
      <CircleX size={16} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
      <div className="flex min-w-0 flex-col gap-0.5 text-base">
        <span className="truncate font-medium text-text" title={check.name}>
          {check.name}
        </span>
        <span className="text-text">{text.what}</span>
        <span className="text-muted">{text.next}</span>
      </div>
    </li>
  )
}

/** Follows the links of a selection and says which of them deliver the file as it is. */
export function LinkChecks({ selection, signed }: { selection: FileSelection; signed: boolean }) {
  const { t } = useTranslation('links')
  const format = useFormat()
  const [checks, setChecks] = useState<LinkCheck[] | null>(null)
  const [error, setError] = useState<ErrorData | null>(null)
  useEffect(() => {
    let current = true
    call('links.check', { selection, signed, limit: LIMIT }).then(
      (result) => current && setChecks(result.checks),
      (thrown: unknown) => current && setError(toAppError(thrown).toData())
    )
    return () => {
      current = false
    }
  }, [selection, signed])
  if (error !== null) return <ErrorNote error={error} />
  if (checks === null)
    return (
      <p className="m-0 flex items-center gap-2.5 text-base text-muted" role="status">
        <Spinner size={14} />
        {t('check.running')}
      </p>
    )
  const good = checks.filter(({ ok }) => ok)
  const bad = checks.filter((check): check is LinkCheck & { error: ErrorData } => check.error !== null)
  return (
    <section aria-label={t('check.title')} data-testid="link-checks" className="flex flex-col rounded-lg border border-line px-3 py-2">
      <p className="m-0 flex gap-2.5 text-base font-medium text-text" role="status">
        {bad.length === 0 ? <CircleCheck size={16} className="mt-0.5 shrink-0 text-success" aria-hidden="true" /> : null}
        {t('check.good', { count: checks.length, good: format.number(good.length), total: format.number(checks.length) })}
      </p>
      <p className="m-0 text-sm text-muted">
        {t(checks.length === LIMIT ? 'check.limited' : 'check.hint', { limit: format.number(LIMIT) })}
      </p>
      {bad.length === 0 ? null : (
        <ul className="m-0 mt-1 max-h-56 list-none divide-y divide-line overflow-y-auto p-0">
          {bad.map((check) => (
            <Failure key={check.id} check={check} error={check.error} />
          ))}
        </ul>
      )}
    </section>
  )
}
