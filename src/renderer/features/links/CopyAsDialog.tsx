import { Copy, FileDown, Link2, QrCode as QrIcon, TriangleAlert } from 'lucide-react'
import { Suspense, lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileSelection } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { recall, remember } from '../../app/layout.ts'
import { saveText } from '../../app/text-files.ts'
import {
  Button,
  Checkbox,
  Dialog,
  ErrorNote,
  Field,
  Segmented,
  Select,
  Spinner,
  TextArea,
  copyText,
  toast
} from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { BaseForm } from './BaseForm.tsx'
import { LifetimeFields } from './LifetimeFields.tsx'
import { LinkChecks } from './LinkChecks.tsx'
import type { LinkChoice } from './options.ts'
import { FORMATS, hasAddress, linkRequest, readChoice } from './options.ts'
import { SecretForm } from './SecretForm.tsx'
import { usePreview } from './use-preview.ts'

const QrCodes = lazy(async () => ({ default: (await import('./QrCode.tsx')).QrCodes }))

const REMEMBERED = 'links.choice'

const show = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' })

/** Copies links of a selection in any form, with a look at the first ones while choosing. */
export function CopyAsDialog({ selection, onClose }: { selection: FileSelection; onClose: () => void }) {
  const { t } = useTranslation(['links', 'common'])
  const format = useFormat()
  const [choice, setChoice] = useState(() => readChoice(recall(REMEMBERED, (value): value is object => typeof value === 'object')))
  const [turn, setTurn] = useState(0)
  const [busy, setBusy] = useState<'copy' | 'save' | null>(null)
  const [extra, setExtra] = useState<'qr' | 'check' | null>(null)
  const [failed, setFailed] = useState<ErrorData | null>(null)
  const preview = usePreview(selection, choice, turn)
  const address = hasAddress(choice)
  const error = failed ?? (preview.tag === 'error' ? preview.error : null)
  const secretMissing = error?.code === 'TOKEN_SECRET_MISSING'
  const baseMissing = error?.code === 'LINK_BASE_MISSING'

  const change = (part: Partial<LinkChoice>): void => {
    const next = { ...choice, ...part }
    setChoice(next)
    setFailed(null)
    remember(REMEMBERED, next)
  }
  /** Copying and saving end the dialog; a failure stays in it. */
  const finish = async (what: 'copy' | 'save', work: () => Promise<boolean>): Promise<void> => {
    setBusy(what)
    setFailed(null)
    try {
      if (await work()) onClose()
    } catch (thrown) {
      setFailed(toAppError(thrown).toData())
    }
    setBusy(null)
  }
  const copy = (): Promise<void> =>
    finish('copy', async () => {
      const { text, count } = await call('files.links', { selection, ...linkRequest(choice) })
      await copyText(text)
      toast({ kind: 'success', key: 'copied', title: t('copied', { count, number: format.number(count) }) })
      return true
    })
  const save = (): Promise<void> =>
    finish('save', async () => {
      const result = await call('links.export', { selection, ...linkRequest(choice) })
      if (result.tag === 'text') saveText(result.name, result.text)
      if (result.tag === 'saved') toast({ kind: 'success', title: t('saved'), text: result.path })
      return result.tag !== 'cancelled'
    })
  const usable = preview.tag === 'links' && preview.links.count > 0
  const unread = preview.tag === 'links' ? (preview.links.unread ?? 0) : 0
  const clock = preview.tag === 'links' ? preview.links.clock : undefined
  return (
    <Dialog
      open
      size="lg"
      testId="copy-as-dialog"
      onClose={onClose}
      title={t('title')}
      onSubmit={() => void copy()}
      footer={
        <>
          {address ? (
            <div className="mr-auto flex gap-2">
              <Button
                aria-pressed={extra === 'check'}
                disabled={!usable}
                icon={<Link2 size={15} aria-hidden="true" />}
                onClick={() => setExtra(extra === 'check' ? null : 'check')}
              >
                {t('check.button')}
              </Button>
              <Button
                aria-pressed={extra === 'qr'}
                disabled={!usable}
                icon={<QrIcon size={15} aria-hidden="true" />}
                onClick={() => setExtra(extra === 'qr' ? null : 'qr')}
              >
                {t('qr.button')}
              </Button>
            </div>
          ) : null}
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button busy={busy === 'save'} disabled={!usable} icon={<FileDown size={15} aria-hidden="true" />} onClick={() => void save()}>
            {t('save')}
          </Button>
          <Button type="submit" variant="primary" busy={busy === 'copy'} disabled={!usable} icon={<Copy size={15} aria-hidden="true" />}>
            {t('confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('format.label')}>
          <Select
            testId="copy-as-format"
            value={choice.format}
            onChange={(next) => change({ format: next })}
            options={FORMATS.map((value) => ({ value, label: t(`format.${value}`), hint: t(`formatHint.${value}`) }))}
          />
        </Field>
        {choice.format === 'template' ? (
          <Field label={t('template.label')} hint={t('template.hint')}>
            <TextArea value={choice.template} onChange={(template) => change({ template })} rows={2} maxLength={2000} mono />
          </Field>
        ) : null}
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <span className="text-base font-medium text-text">{t('output.label')}</span>
          <Segmented
            label={t('output.label')}
            value={choice.output}
            onChange={(output) => change({ output })}
            options={[
              { value: 'text', label: t('output.text') },
              { value: 'table', label: t('output.table') }
            ]}
          />
        </div>
        {address ? (
          <div className="flex flex-col gap-3">
            <Checkbox checked={choice.downloadName} onChange={(downloadName) => change({ downloadName })} hint={t('downloadNameHint')}>
              {t('downloadName')}
            </Checkbox>
            <Checkbox checked={choice.signed} onChange={(signed) => change({ signed })} hint={t('signedHint')}>
              {t('signed')}
            </Checkbox>
            {choice.signed ? <LifetimeFields choice={choice} onChange={change} /> : null}
          </div>
        ) : null}
        {secretMissing ? <SecretForm onSaved={() => [setFailed(null), setTurn(turn + 1)]} /> : null}
        {baseMissing ? <BaseForm onSaved={() => [setFailed(null), setTurn(turn + 1)]} /> : null}
        {error === null || secretMissing || baseMissing ? (
          <section aria-label={t('preview.label')} className="flex flex-col gap-1">
            <h3 className="m-0 flex items-baseline text-base font-medium text-text">
              {t('preview.label')}
              {preview.tag === 'links' && preview.links.expiresAt !== undefined ? (
                <span className="ml-auto text-sm font-normal text-muted">
                  {t('preview.expires', { time: format.dateTime(preview.links.expiresAt) })}
                </span>
              ) : null}
            </h3>
            <pre
              data-testid="copy-as-preview"
              // Long links scroll: the keyboard must get there too.
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
              className="m-0 max-h-48 min-h-16 overflow-auto rounded-md bg-sunken p-2.5 font-mono text-sm text-text select-text"
            >
              {preview.tag === 'links' ? preview.links.text : ''}
            </pre>
            {unread === 0 ? null : (
              <p className="m-0 flex gap-2 text-sm text-text" role="note" data-testid="copy-as-unread">
                <TriangleAlert size={14} className="mt-0.5 shrink-0 text-warning" aria-hidden="true" />
                {t('template.unread', { count: unread })}
              </p>
            )}
            {clock === undefined ? null : (
              <p className="m-0 text-sm text-muted" data-testid="copy-as-clock">
                {t(clock.differenceSeconds > 0 ? 'clock.ahead' : 'clock.behind', {
                  time: format.duration(Math.abs(clock.differenceSeconds))
                })}
              </p>
            )}
          </section>
        ) : (
          <ErrorNote error={error} />
        )}
        {!address || !usable || extra === null ? null : extra === 'check' ? (
          <LinkChecks key={String(choice.signed)} selection={selection} signed={choice.signed} />
        ) : (
          // As high as a code from the beginning, so that it is in sight once it is there.
          <div ref={show} className="min-h-60">
            <Suspense fallback={<Spinner />}>
              <QrCodes selection={selection} choice={choice} />
            </Suspense>
          </div>
        )}
      </div>
    </Dialog>
  )
}
