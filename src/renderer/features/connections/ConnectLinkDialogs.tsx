import { Link2, ShieldAlert } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectProposal } from '../../../shared/connect-link.ts'
import { parseConnectLink } from '../../../shared/connect-link.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import { call } from '../../api/client.ts'
import { EnvironmentBadge } from '../../app/ProfileMark.tsx'
import { Button, Dialog, ErrorNote, Field, TextArea, toast } from '../../components/index.ts'
import { mapWorks } from './form.ts'

/** What a link proposes, in full, before anything of it is stored: whoever made it is a stranger. */
export function ConnectDialog({
  proposal,
  onEdit,
  onClose
}: {
  proposal: ConnectProposal
  /** Takes it into the form, to be changed and tested first. */
  onEdit: (proposal: ConnectProposal) => void
  onClose: () => void
}) {
  const { t } = useTranslation(['connections', 'common'])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorData | null>(null)
  const cancel = useRef<HTMLButtonElement>(null)
  /** The address map did not prove itself, and the user was told. */
  const [doubtful, setDoubtful] = useState(false)
  const add = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      if (!doubtful && Object.keys(proposal.addressMap ?? {}).length > 0 && !mapWorks(await call('profiles.test', proposal))) {
        setDoubtful(true)
        setBusy(false)
        return
      }
      await call('profiles.save', proposal)
      toast({ kind: 'success', title: t('link.added', { name: proposal.name }) })
      onClose()
    } catch (thrown) {
      setError(toAppError(thrown).toData())
      setBusy(false)
    }
  }
  const facts: [string, string[]][] = [
    [t('field.name'), [proposal.name]],
    [t('field.trackers'), proposal.trackers],
    [t('field.httpBase'), Object.entries(proposal.httpBase ?? {}).map(([group, base]) => (group === '' ? base : `${group}: ${base}`))],
    [t('field.addressMap'), Object.entries(proposal.addressMap ?? {}).map(([told, reachable]) => `${told} → ${reachable}`)],
    [t('field.defaultGroup'), proposal.defaultGroup ? [proposal.defaultGroup] : []],
    [t('field.groupInLinks'), proposal.groupInLinks === false ? [t('link.no')] : []],
    [t('field.readOnly'), proposal.readOnly === true ? [t('link.yes')] : []]
  ]
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={cancel}
      testId="connect-dialog"
      title={t('link.title')}
      footer={
        <>
          <Button className="mr-auto" onClick={() => onEdit(proposal)}>
            {t('link.edit')}
          </Button>
          <Button ref={cancel} onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button variant="primary" busy={busy} onClick={() => void add()}>
            {t(doubtful ? 'dialog.saveAnyway' : 'link.add')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="m-0 flex gap-2.5 rounded-lg bg-warning-soft p-3 text-base text-text">
          <ShieldAlert size={16} className="mt-0.5 shrink-0 text-warning" aria-hidden="true" />
          {t('link.warning')}
        </p>
        <dl className="m-0 grid grid-cols-[max-content_1fr] gap-x-4 gap-y-2 text-base">
          {facts
            .filter(([, values]) => values.length > 0)
            .map(([label, values]) => (
              <div key={label} className="contents">
                <dt className="text-muted">{label}</dt>
                <dd className="m-0 flex min-w-0 flex-col break-all text-text select-text">
                  {values.map((value) => (
                    <span key={value}>{value}</span>
                  ))}
                </dd>
              </div>
            ))}
          {proposal.environment === undefined || proposal.environment === 'none' ? null : (
            <div className="contents">
              <dt className="text-muted">{t('field.environment')}</dt>
              <dd className="m-0">
                <EnvironmentBadge environment={proposal.environment} />
              </dd>
            </div>
          )}
        </dl>
        {doubtful ? (
          <p role="alert" className="m-0 rounded-lg bg-warning-soft p-3 text-base text-text">
            {t('dialog.mapDoubtful')}
          </p>
        ) : null}
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}

/** Takes a link that was received in another way: a mail, a wiki page. */
export function PasteLinkDialog({ onTake, onClose }: { onTake: (proposal: ConnectProposal) => void; onClose: () => void }) {
  const { t } = useTranslation(['connections', 'common'])
  const [text, setText] = useState('')
  const [error, setError] = useState<ErrorData | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const take = (): void => {
    try {
      onTake(parseConnectLink(text))
    } catch (thrown) {
      setError(toAppError(thrown).toData())
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      onSubmit={take}
      initialFocus={field}
      testId="paste-link-dialog"
      title={t('link.pasteTitle')}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={text.trim() === ''} icon={<Link2 size={15} aria-hidden="true" />}>
            {t('link.show')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={t('link.label')} hint={t('link.hint')}>
          <TextArea
            ref={field}
            value={text}
            onChange={(next) => {
              setText(next)
              setError(null)
            }}
            rows={3}
            maxLength={8192}
            mono
            placeholder="fastdfs-desktop://connect?tracker=…"
          />
        </Field>
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}
