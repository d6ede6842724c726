import { ChevronRight, PlugZap } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProfileInput } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import { describeError, errorSentences } from '../../../shared/error-texts.ts'
import { Button, Dialog, ErrorNote, Field, NumberField, Switch, TextArea, TextField } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { Language } from '../../i18n/index.ts'
import type { Problem, ProfileForm } from './form.ts'
import { MAX_TRACKERS, checkForm, mapChanged, mapWorks, suggestName, webPair, withAddresses, withEveryGroup } from './form.ts'
import { AppearanceFields } from './AppearanceFields.tsx'
import { ConfImport } from './ConfImport.tsx'
import { PairList } from './PairList.tsx'
import { saveProfile } from './save-profile.ts'
import { useConnectionTest } from './test-run.ts'
import { TokenFields } from './TokenFields.tsx'
import { TestResult } from './TestResult.tsx'

function useProblemText(): (problem: Problem | undefined) => string | undefined {
  const { t, i18n } = useTranslation('connections')
  const format = useFormat()
  return (problem) => {
    switch (problem?.tag) {
      case undefined:
        return undefined
      case 'required':
        return t('problem.required')
      case 'tooMany':
        return t('problem.tooMany', { limit: format.number(problem.limit) })
      case 'range':
        return t('problem.range', { min: problem.min, max: problem.max })
      case 'group':
        return t('problem.group')
      case 'url':
        return t('problem.url')
      case 'noAddress':
        return t('problem.noAddress')
      case 'twice':
        return problem.value === '' ? t('problem.twiceEmpty') : t('problem.twice', { value: problem.value })
      case 'error': {
        const language = i18n.language as Language
        return errorSentences(describeError(problem.error, language), language)
      }
    }
  }
}

/** Adds a connection or changes one; tries it before it is saved. */
export function ProfileDialog({
  initial,
  fromConf,
  toWebAddress,
  onClose
}: {
  initial: ProfileForm
  /** Begins with the field that takes a client.conf. */
  fromConf: boolean
  /** Begins with the web address for links. */
  toWebAddress: boolean
  onClose: () => void
}) {
  const { t } = useTranslation(['connections', 'common'])
  const [form, setForm] = useState(() => (toWebAddress ? withEveryGroup(initial) : initial))
  /** Problems are shown once something was tried. */
  const [tried, setTried] = useState(false)
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<ErrorData | null>(null)
  const [advanced, setAdvanced] = useState(toWebAddress || initial.httpBase.length + initial.addressMap.length > 0 || !initial.groupInLinks)
  const test = useConnectionTest()
  /** The address map did not prove itself, and the user was told. */
  const [doubtful, setDoubtful] = useState(false)
  const first = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const webAddress = useRef<HTMLInputElement>(null)
  const result = useRef<HTMLDivElement>(null)
  const textOf = useProblemText()

  const change = (part: Partial<ProfileForm>): void => {
    setForm((before) => ({ ...before, ...part }))
    if (test.state.tag !== 'idle') test.reset()
    setDoubtful(false)
  }
  const named = (): ProfileForm => (form.builtIn || form.name.trim() !== '' ? form : { ...form, name: suggestName(form) })
  const shown = tried ? checkForm(named()).problems : null
  const errorOf = (field: string): string | undefined => textOf(shown?.[field])

  /** What may be sent; else shows what is wrong and returns null. */
  const checked = () => {
    const complete = named()
    if (complete !== form) setForm(complete)
    setTried(true)
    const { input, problems } = checkForm(complete)
    if (problems && Object.keys(problems).some((field) => !['name', 'trackers'].includes(field))) setAdvanced(true)
    return input
  }
  const save = async (): Promise<void> => {
    const input = checked()
    if (input === null || saving) return
    setSaving(true)
    setError(null)
    try {
      // Addresses that were changed are tried before they are kept: a wrong one would show in the first upload only.
      if (!doubtful && mapChanged(initial.addressMap, form.addressMap)) {
        const diagnosis = test.state.tag === 'done' ? test.state.diagnosis : await test.run(withSecret(input))
        if (diagnosis === null || !mapWorks(diagnosis)) {
          setDoubtful(true)
          setSaving(false)
          return
        }
      }
      await saveProfile(input, form.tokenSecret)
      onClose()
    } catch (thrown) {
      setSaving(false)
      setError(toAppError(thrown).toData())
    }
  }
  /** The secret as it would be stored takes part in the test, and is stored by none. */
  const withSecret = (input: ProfileInput) => (form.tokenSecret === null ? input : { ...input, tokenSecret: form.tokenSecret })
  /** Fills in what the test found and tries it at once; saving stays with the user. */
  const useAddresses = (map: Record<string, string>): void => {
    const next = withAddresses(form, map)
    setForm(next)
    setDoubtful(false)
    setAdvanced(true)
    const { input } = checkForm(next)
    if (input !== null) void test.run(withSecret(input))
  }
  const state = test.state.tag
  useEffect(() => {
    if (state !== 'idle') result.current?.scrollIntoView({ block: 'nearest' })
  }, [state])

  return (
    <Dialog
      open
      onClose={onClose}
      onSubmit={() => void save()}
      size="lg"
      initialFocus={toWebAddress ? webAddress : first}
      testId="connection-dialog"
      title={form.builtIn ? t('dialog.editBuiltIn') : form.id === undefined ? t('dialog.add') : t('dialog.edit')}
      description={form.builtIn ? t('dialog.builtInText') : undefined}
      footer={
        <>
          <Button
            className="mr-auto"
            icon={<PlugZap size={15} aria-hidden="true" />}
            busy={state === 'running'}
            onClick={() => {
              const input = checked()
              if (input !== null) void test.run(withSecret(input))
            }}
          >
            {t('test.run')}
          </Button>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={saving}>
            {t(doubtful ? 'dialog.saveAnyway' : 'dialog.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {form.builtIn ? null : (
          <>
            <ConfImport
              form={form}
              onChange={(filled) => {
                change(filled)
                // Time limits, web address and secret came along: they are to be seen before they are saved.
                setAdvanced(true)
              }}
              initiallyOpen={fromConf}
            />
            <Field label={t('field.trackers')} hint={t('field.trackersHint', { limit: MAX_TRACKERS })} error={errorOf('trackers')}>
              <TextArea
                ref={first}
                value={form.trackers}
                onChange={(trackers) => change({ trackers })}
                placeholder={'192.168.1.10:22122\n192.168.1.11:22122'}
                rows={3}
                mono
              />
            </Field>
            <Field label={t('field.name')} hint={t('field.nameHint')} error={errorOf('name')}>
              <TextField value={form.name} onChange={(name) => change({ name })} placeholder={suggestName(form)} maxLength={120} />
            </Field>
          </>
        )}
        <Field inline label={t('field.readOnly')} hint={t('field.readOnlyHint')}>
          <Switch checked={form.readOnly} onChange={(readOnly) => change({ readOnly })} />
        </Field>
        <AppearanceFields form={form} onChange={change} />
        <details
          className="group"
          open={advanced}
          onToggle={(event) => {
            // A details inside this one tells its own changes here too.
            if (event.target === event.currentTarget) setAdvanced(event.currentTarget.open)
          }}
        >
          <summary className="inline-flex list-none items-center gap-1 rounded-sm text-base font-medium text-muted hover:text-text">
            <ChevronRight size={14} className="transition-transform group-open:rotate-90" aria-hidden="true" />
            {t('field.advanced')}
          </summary>
          <div className="flex flex-col gap-4 pt-3">
            <Field inline label={t('field.connectSeconds')} hint={t('field.connectSecondsHint')} error={errorOf('connectSeconds')}>
              <NumberField
                value={form.connectSeconds}
                onChange={(connectSeconds) => change({ connectSeconds })}
                min={0.1}
                max={600}
                unit={t('unit.seconds')}
              />
            </Field>
            <Field inline label={t('field.networkSeconds')} hint={t('field.networkSecondsHint')} error={errorOf('networkSeconds')}>
              <NumberField
                value={form.networkSeconds}
                onChange={(networkSeconds) => change({ networkSeconds })}
                min={0.1}
                max={600}
                unit={t('unit.seconds')}
              />
            </Field>
            <Field inline label={t('field.defaultGroup')} hint={t('field.defaultGroupHint')} error={errorOf('defaultGroup')}>
              <TextField
                value={form.defaultGroup}
                onChange={(defaultGroup) => change({ defaultGroup })}
                placeholder={t('field.defaultGroupNone')}
                maxLength={16}
                boxClassName="w-44"
              />
            </Field>
            <PairList
              legend={t('field.httpBase')}
              hint={t('field.httpBaseHint')}
              pairs={form.httpBase}
              onChange={(httpBase) => change({ httpBase })}
              leftLabel={t('field.httpGroup')}
              leftPlaceholder={t('field.httpEvery')}
              rightLabel={t('field.httpUrl')}
              rightPlaceholder="http://files.example.com"
              addLabel={t('field.httpAdd')}
              typeInto="right"
              tidy={webPair}
              rightRef={webAddress}
              errorOf={(pair) => errorOf(`httpBase.${pair.key}`)}
            />
            <Field inline label={t('field.groupInLinks')} hint={t('field.groupInLinksHint')}>
              <Switch checked={form.groupInLinks} onChange={(groupInLinks) => change({ groupInLinks })} />
            </Field>
            <TokenFields form={form} onChange={change} error={errorOf('tokenTtlSeconds')} />
            {form.builtIn ? null : (
              <PairList
                legend={t('field.addressMap')}
                hint={t('field.addressMapHint')}
                pairs={form.addressMap}
                onChange={(addressMap) => change({ addressMap })}
                leftLabel={t('field.mapTold')}
                leftPlaceholder="172.17.0.3:23000"
                rightLabel={t('field.mapReachable')}
                rightPlaceholder="files.example.com:23000"
                addLabel={t('field.mapAdd')}
                typeInto="left"
                errorOf={(pair) => errorOf(`addressMap.${pair.key}`)}
              />
            )}
            {Object.keys(form.storageIds).length === 0 ? null : (
              <Field inline label={t('field.storageIds')} hint={t('field.storageIdsHint')}>
                <span className="flex items-center gap-2.5">
                  <span className="text-base text-muted">{t('field.storageIdsCount', { count: Object.keys(form.storageIds).length })}</span>
                  <Button onClick={() => change({ storageIds: {} })}>{t('field.storageIdsRemove')}</Button>
                </span>
              </Field>
            )}
          </div>
        </details>
        {error === null ? null : <ErrorNote error={error} diagnosable={false} />}
        {doubtful && state !== 'running' ? (
          <p role="alert" className="m-0 rounded-lg bg-warning-soft p-3 text-base text-text" data-testid="map-doubtful">
            {t('dialog.mapDoubtful')}
          </p>
        ) : null}
        <div ref={result}>
          <TestResult state={test.state} onUse={useAddresses} />
        </div>
      </div>
    </Dialog>
  )
}
