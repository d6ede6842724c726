import { Copy, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileSelection } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { recall, remember } from '../../app/layout.ts'
import { Button, Checkbox, Dialog, ErrorNote, Field, Select, TextArea, copyText, toast } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { LinkChoice } from './options.ts'
import { FORMATS, LIFETIME_CHOICES, hasAddress, linkRequest, readChoice } from './options.ts'
import { SecretForm } from './SecretForm.tsx'
import { usePreview } from './use-preview.ts'

const REMEMBERED = 'links.choice'

/** Copies links of a selection in any form, with a look at the first ones while choosing. */
export function CopyAsDialog({ selection, onClose }: { selection: FileSelection; onClose: () => void }) {
  const { t } = useTranslation(['links', 'common'])
  const format = useFormat()
  const [choice, setChoice] = useState(() => readChoice(recall(REMEMBERED, (value): value is object => typeof value === 'object')))
  const [turn, setTurn] = useState(0)
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<ErrorData | null>(null)
  const preview = usePreview(selection, choice, turn)
  const address = hasAddress(choice)
  const error = failed ?? (preview.tag === 'error' ? preview.error : null)
  const secretMissing = error?.code === 'TOKEN_SECRET_MISSING'

  const change = (part: Partial<LinkChoice>): void => {
    const next = { ...choice, ...part }
    setChoice(next)
    setFailed(null)
    remember(REMEMBERED, next)
  }
  const copy = async (): Promise<void> => {
    setBusy(true)
    setFailed(null)
    try {
      const { text, count } = await call('files.links', { selection, ...linkRequest(choice) })
      await copyText(text)
      toast({ kind: 'success', key: 'copied', title: t('copied', { count, number: format.number(count) }) })
      onClose()
    } catch (thrown) {
      setFailed(toAppError(thrown).toData())
      setBusy(false)
    }
  }
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
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={busy}
            disabled={preview.tag !== 'links' || preview.links.count === 0}
            icon={<Copy size={15} aria-hidden="true" />}
          >
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
        {address ? (
          <div className="flex flex-col gap-3">
            <Checkbox checked={choice.downloadName} onChange={(downloadName) => change({ downloadName })} hint={t('downloadNameHint')}>
              {t('downloadName')}
            </Checkbox>
            <Checkbox checked={choice.signed} onChange={(signed) => change({ signed })} hint={t('signedHint')}>
              {t('signed')}
            </Checkbox>
            {choice.signed ? (
              <Field label={t('lifetime.label')} inline>
                <Select
                  testId="copy-as-lifetime"
                  value={choice.lifetime}
                  onChange={(lifetime) => change({ lifetime })}
                  options={LIFETIME_CHOICES.map((value) => ({ value, label: t(`lifetime.${value}`) }))}
                  className="w-44"
                />
              </Field>
            ) : null}
            {choice.signed && choice.lifetime === 'never' ? (
              <p className="m-0 flex gap-2 rounded-lg bg-warning-soft p-2.5 text-base text-text" role="note">
                <TriangleAlert size={15} className="mt-0.5 shrink-0 text-warning" aria-hidden="true" />
                {t('lifetime.neverWarning')}
              </p>
            ) : null}
          </div>
        ) : null}
        {secretMissing ? <SecretForm onSaved={() => [setFailed(null), setTurn(turn + 1)]} /> : null}
        {error === null || secretMissing ? (
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
          </section>
        ) : (
          <ErrorNote error={error} />
        )}
      </div>
    </Dialog>
  )
}
