import { ArrowRight, ChevronRight, CircleCheck, CircleX, Signpost, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Diagnosis, DiagnosisStep } from '../../../shared/model.ts'
import { Button, CopyButton, ErrorDetails, ErrorNote, Spinner, cx, useErrorText } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Language } from '../../i18n/index.ts'
import { diagnosisText, isWarning, noteText, verdictOf } from './diagnosis-text.ts'
import type { TestState } from './test-run.ts'

function Trouble({ error }: { error: NonNullable<DiagnosisStep['error']> }) {
  const text = useErrorText(error)
  return (
    <div className="flex flex-col gap-0.5 pb-1">
      <p className="m-0 text-base text-text">{text.what}</p>
      <p className="m-0 text-base text-muted">{text.next}</p>
      <ErrorDetails error={error} />
    </div>
  )
}

function Step({ step }: { step: DiagnosisStep }) {
  const { t, i18n } = useTranslation('connections')
  const format = useFormat()
  const note = noteText(step.note, i18n.language as Language)
  return (
    <li className="flex gap-2.5 py-1.5" data-testid="test-step" data-ok={step.ok}>
      {isWarning(step) ? (
        <TriangleAlert size={16} className="mt-0.5 shrink-0 text-warning" aria-hidden="true" />
      ) : step.ok ? (
        <CircleCheck size={16} className="mt-0.5 shrink-0 text-success" aria-hidden="true" />
      ) : (
        <CircleX size={16} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
      )}
      <div className="min-w-0 flex-1">
        <p className="m-0 flex flex-wrap items-baseline gap-x-2 text-base text-text">
          <span>{t(step.ok ? `good.${step.target}` : `bad.${step.target}`)}</span>
          <span className="font-mono text-sm break-all text-muted select-text">{step.address}</span>
          <span className="tabular ml-auto text-sm text-faint">{t('test.ms', { ms: format.number(Math.max(1, step.ms)) })}</span>
        </p>
        {note === '' ? null : <p className="m-0 text-sm break-words text-faint select-text">{note}</p>}
        {step.error === null ? null : <Trouble error={step.error} />}
      </div>
    </li>
  )
}

/** More storages than this that answer are one line: what is wrong must not be lost among them. */
const MANY = 8

function ManyStorages({ steps }: { steps: readonly DiagnosisStep[] }) {
  const { t } = useTranslation('connections')
  const format = useFormat()
  const slowest = Math.max(1, ...steps.map(({ ms }) => ms))
  return (
    <li data-testid="test-many" data-ok={true}>
      <details className="group">
        <summary className="flex list-none items-baseline gap-2.5 rounded-sm py-1.5 text-base text-text">
          <CircleCheck size={16} className="shrink-0 self-center text-success" aria-hidden="true" />
          <span className="inline-flex items-center gap-1">
            {t('test.manyStorages', { count: steps.length, n: format.number(steps.length) })}
            <ChevronRight size={13} className="text-muted transition-transform group-open:rotate-90" aria-hidden="true" />
          </span>
          <span className="tabular ml-auto text-sm text-faint">{t('test.atMost', { ms: format.number(slowest) })}</span>
        </summary>
        <ol className="m-0 list-none divide-y divide-line p-0 pl-6.5">
          {steps.map((step, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- as below
            <Step key={index} step={step} />
          ))}
        </ol>
      </details>
    </li>
  )
}

/** Addresses at which the storages that are out of reach answer after all, and the button that takes them. */
function WayRound({ map, onUse }: { map: Diagnosis['addressMap']; onUse: (map: Diagnosis['addressMap']) => void }) {
  const { t } = useTranslation('connections')
  return (
    <div data-testid="way-round" className="flex gap-2.5 border-b border-line bg-accent-soft px-3 py-2.5">
      <Signpost size={16} className="mt-0.5 shrink-0 text-accent" aria-hidden="true" />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <p className="m-0 text-base font-medium text-text">{t('way.title')}</p>
        <p className="m-0 text-base text-muted">{t('way.text')}</p>
        <ul className="m-0 flex list-none flex-col gap-0.5 p-0">
          {Object.entries(map).map(([told, reachable]) => (
            <li key={told} className="flex flex-wrap items-center gap-1.5 font-mono text-sm break-all text-text select-text">
              {told}
              <ArrowRight size={12} className="text-muted" aria-hidden="true" />
              {reachable}
            </li>
          ))}
        </ul>
        <Button variant="primary" className="self-start" onClick={() => onUse(map)}>
          {t('way.use')}
        </Button>
      </div>
    </div>
  )
}

function Result({ diagnosis, onUse }: { diagnosis: Diagnosis; onUse: (map: Diagnosis['addressMap']) => void }) {
  const { t, i18n } = useTranslation('connections')
  const format = useFormat()
  const verdict = verdictOf(diagnosis)
  const answering = diagnosis.steps.filter(({ target, ok }) => target === 'storage' && ok)
  const folded = answering.length > MANY
  return (
    <div className="flex flex-col rounded-lg border border-line">
      <div
        className={cx(
          'flex items-start gap-2.5 rounded-t-lg px-3 py-2.5',
          verdict === 'good' ? 'bg-success-soft' : verdict === 'partly' || verdict === 'links' ? 'bg-warning-soft' : 'bg-danger-soft'
        )}
      >
        <div className="min-w-0 flex-1">
          <p className="m-0 text-base font-medium text-text">{t(`test.${verdict}`)}</p>
          {diagnosis.groups.length === 0 ? null : (
            <p className="m-0 text-base text-muted">{t('test.groups', { groups: format.list(diagnosis.groups) })}</p>
          )}
        </div>
        <CopyButton text={diagnosisText(diagnosis, i18n.language as Language)} label={t('test.copy')} />
      </div>
      {Object.keys(diagnosis.addressMap).length === 0 ? null : <WayRound map={diagnosis.addressMap} onUse={onUse} />}
      <ol aria-label={t('test.steps')} className="m-0 list-none divide-y divide-line px-3 py-1">
        {diagnosis.steps.map((step, index) =>
          folded && answering.includes(step) ? (
            step === answering[0] ? (
              <ManyStorages key={index} steps={answering} />
            ) : null
          ) : (
            // The order of the steps is the result; nothing else tells two of them apart.
            // oxlint-disable-next-line react/no-array-index-key
            <Step key={index} step={step} />
          )
        )}
      </ol>
    </div>
  )
}

/** The test of a connection while it runs and what came of it. `onUse` takes entries for its address map. */
export function TestResult({ state, onUse }: { state: TestState; onUse: (map: Diagnosis['addressMap']) => void }) {
  const { t } = useTranslation('connections')
  return (
    <div role="status" aria-live="polite" data-testid="test-result">
      {state.tag === 'running' ? (
        <p className="m-0 flex items-center gap-2.5 rounded-lg bg-sunken px-3 py-2.5 text-base text-muted">
          <Spinner size={14} />
          {t('test.running')}
        </p>
      ) : state.tag === 'failed' ? (
        <ErrorNote error={state.error} diagnosable={false} />
      ) : state.tag === 'done' ? (
        <Result diagnosis={state.diagnosis} onUse={onUse} />
      ) : null}
    </div>
  )
}
