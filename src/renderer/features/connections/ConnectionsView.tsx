import { Check, Copy, Database, Ellipsis, FileInput, FileOutput, Link2, Lock, Pencil, Plus, PlugZap, Server, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectProposal } from '../../../shared/connect-link.ts'
import { formatConnectLink } from '../../../shared/connect-link.ts'
import type { Profile } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { useInfo } from '../../app/app-info.ts'
import { pendingConnectionRequest, takeConnectionRequest, useConnectionRequest } from '../../app/connection-request.ts'
import { ColorMark, EnvironmentBadge } from '../../app/ProfileMark.tsx'
import { useViewRequest } from '../../app/view-request.ts'
import { WEB_ADDRESS, takeDiagnosisRequest, useDiagnosisRequest } from '../../app/diagnosis-request.ts'
import type { MenuEntry } from '../../components/index.ts'
import {
  Badge,
  Button,
  ConfirmDialog,
  Art,
  EmptyState,
  IconButton,
  Menu,
  ViewHeader,
  copyText,
  cx,
  toast,
  toastError
} from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { ProfileForm } from './form.ts'
import { ConnectDialog, PasteLinkDialog } from './ConnectLinkDialogs.tsx'
import { emptyForm, formOf, formOfProposal } from './form.ts'
import { ProfileDialog } from './ProfileDialog.tsx'
import { exportProfiles, importProfiles } from './transfer-profiles.ts'
import { TestResult } from './TestResult.tsx'
import { useProfileTest } from './use-profile-test.ts'

function Connection({
  profile,
  active,
  onEdit,
  onRemove
}: {
  profile: Profile
  active: boolean
  onEdit: () => void
  onRemove: () => void
}) {
  const { t } = useTranslation(['connections', 'common'])
  const format = useFormat()
  const [switching, setSwitching] = useState(false)
  const test = useProfileTest(profile, onEdit)
  const name = profile.builtIn ? t('common:connection.builtIn') : profile.name
  const use = (): void => {
    setSwitching(true)
    call('profiles.activate', { id: profile.id })
      .catch(toastError)
      .finally(() => setSwitching(false))
  }
  const requested = useDiagnosisRequest((state) => state.profileId === profile.id)
  useEffect(() => {
    if (!requested) return
    takeDiagnosisRequest()
    test.run()
    // Once for each request; what the test needs is as it is now.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [requested])
  const copyLink = (): void => {
    copyText(formatConnectLink(profile)).then(() => toast({ kind: 'success', key: 'copied', title: t('link.copied') }), toastError)
  }
  const entries: MenuEntry[] = [
    { label: t('action.edit'), icon: <Pencil size={14} aria-hidden="true" />, onSelect: onEdit },
    ...(profile.builtIn
      ? []
      : [
          { label: t('action.copyLink'), icon: <Copy size={14} aria-hidden="true" />, onSelect: copyLink } as const,
          { label: t('action.remove'), icon: <Trash2 size={14} aria-hidden="true" />, danger: true, onSelect: onRemove } as const
        ])
  ]
  return (
    <li
      data-testid="connection"
      data-active={active}
      aria-current={active ? 'true' : undefined}
      className={cx('flex flex-col gap-3 rounded-lg border bg-raised p-4', active ? 'border-accent' : 'border-line')}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span
          className={cx(
            'flex size-9 shrink-0 items-center justify-center rounded-lg',
            active ? 'bg-accent-soft text-accent' : 'bg-active text-muted'
          )}
        >
          {profile.builtIn ? <Database size={18} aria-hidden="true" /> : <Server size={18} aria-hidden="true" />}
        </span>
        <div className="flex min-w-48 flex-1 flex-col">
          <div className="flex min-w-0 items-center gap-2">
            <h2 className="m-0 min-w-0 truncate text-base font-semibold text-text" title={name}>
              {name}
            </h2>
            <ColorMark color={profile.color} />
            <EnvironmentBadge environment={profile.environment} />
            {active ? (
              <Badge tone="accent" icon={<Check size={11} strokeWidth={3} aria-hidden="true" />}>
                {t('active')}
              </Badge>
            ) : null}
            {profile.readOnly ? (
              <Badge tone="warning" icon={<Lock size={10} aria-hidden="true" />}>
                {t('common:connection.readOnly')}
              </Badge>
            ) : null}
          </div>
          <p
            className={cx('m-0 truncate text-sm text-muted', !profile.builtIn && profile.trackers.length <= 2 && 'font-mono')}
            title={profile.trackers.join('\n')}
          >
            {profile.builtIn
              ? t('builtInText')
              : profile.trackers.length <= 2
                ? profile.trackers.join(', ')
                : t('trackers', {
                    first: profile.trackers[0],
                    count: profile.trackers.length - 1,
                    n: format.number(profile.trackers.length - 1)
                  })}
          </p>
        </div>
        <div className="flex items-center gap-1.5">
          {active ? null : (
            <Button busy={switching} onClick={use} aria-label={t('action.useName', { name })}>
              {t('action.use')}
            </Button>
          )}
          <Button
            icon={<PlugZap size={15} aria-hidden="true" />}
            busy={test.state.tag === 'running'}
            onClick={test.run}
            aria-label={t('action.testName', { name })}
          >
            {t('action.test')}
          </Button>
          <IconButton label={t('action.editName', { name })} icon={<Pencil size={15} aria-hidden="true" />} onClick={onEdit} />
          {profile.builtIn ? null : (
            <Menu
              align="end"
              items={entries}
              trigger={<IconButton label={t('action.moreName', { name })} icon={<Ellipsis size={16} aria-hidden="true" />} />}
            />
          )}
        </div>
      </div>
      {test.state.tag === 'idle' ? null : <TestResult state={test.state} onUse={test.useAddresses} />}
    </li>
  )
}

/** The clusters this program knows. */
export function ConnectionsView() {
  const { t } = useTranslation(['connections', 'common'])
  const profiles = useInfo((info) => info.profiles)
  const activeId = useInfo((info) => info.activeProfileId)
  const [editing, setEditing] = useState<ProfileForm | null>(null)
  const [fromConf, setFromConf] = useState(false)
  const [toWebAddress, setToWebAddress] = useState(false)
  const [proposal, setProposal] = useState<ConnectProposal | null>(null)
  const [pasting, setPasting] = useState(false)
  const wanted = useConnectionRequest((state) => state.wanted)
  useEffect(() => {
    const request = pendingConnectionRequest()
    if (request === null) return
    takeConnectionRequest()
    // A request comes from outside of this view, at any time.
    /* oxlint-disable react/set-state-in-effect */
    if (typeof request === 'object') setProposal(request)
    else {
      setFromConf(request === 'conf')
      setEditing(emptyForm())
    }
    /* oxlint-enable react/set-state-in-effect */
  }, [wanted])
  useViewRequest('connections', true, (what) => {
    const active = profiles.find((profile) => profile.id === activeId)
    if (what === 'link') setPasting(true)
    if ((what === 'edit' || what === WEB_ADDRESS) && active !== undefined) {
      setToWebAddress(what === WEB_ADDRESS)
      setEditing(formOf(active))
    }
  })
  const [removing, setRemoving] = useState<Profile | null>(null)
  const [busy, setBusy] = useState(false)
  const add = (
    <Button variant="primary" icon={<Plus size={15} aria-hidden="true" />} onClick={() => setEditing(emptyForm())}>
      {t('add')}
    </Button>
  )
  const remove = (): void => {
    if (removing === null) return
    setBusy(true)
    call('profiles.remove', { id: removing.id })
      .then(() => setRemoving(null), toastError)
      .finally(() => setBusy(false))
  }
  return (
    <section aria-label={t('title')} data-testid="connections-view" className="flex h-full min-h-0 flex-col">
      <ViewHeader
        title={t('title')}
        actions={
          <>
            <Menu
              align="end"
              items={[
                { label: t('link.menu'), icon: <Link2 size={14} aria-hidden="true" />, onSelect: () => setPasting(true) },
                { label: t('file.import'), icon: <FileInput size={14} aria-hidden="true" />, onSelect: importProfiles },
                {
                  label: t('file.export'),
                  icon: <FileOutput size={14} aria-hidden="true" />,
                  disabled: profiles.every((profile) => profile.builtIn),
                  onSelect: exportProfiles
                }
              ]}
              trigger={<IconButton label={t('file.more')} icon={<Ellipsis size={16} aria-hidden="true" />} />}
            />
            {add}
          </>
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex w-full max-w-220 flex-col gap-3 p-5">
          <ul aria-label={t('list')} className="m-0 flex list-none flex-col gap-3 p-0">
            {profiles.map((profile) => (
              <Connection
                key={profile.id}
                profile={profile}
                active={profile.id === activeId}
                onEdit={() => setEditing(formOf(profile))}
                onRemove={() => setRemoving(profile)}
              />
            ))}
          </ul>
          {profiles.some((profile) => !profile.builtIn) ? null : (
            <EmptyState
              className="rounded-lg border border-dashed border-line-strong"
              icon={<Art name="cluster" />}
              title={t('empty.title')}
              text={t('empty.text')}
              actions={add}
            />
          )}
        </div>
      </div>
      {editing === null ? null : (
        <ProfileDialog
          initial={editing}
          fromConf={fromConf}
          toWebAddress={toWebAddress}
          onClose={() => {
            setEditing(null)
            setFromConf(false)
            setToWebAddress(false)
          }}
        />
      )}
      {pasting ? (
        <PasteLinkDialog
          onClose={() => setPasting(false)}
          onTake={(taken) => {
            setPasting(false)
            setProposal(taken)
          }}
        />
      ) : null}
      {proposal === null ? null : (
        <ConnectDialog
          proposal={proposal}
          onClose={() => setProposal(null)}
          onEdit={(taken) => {
            setProposal(null)
            setEditing(formOfProposal(taken))
          }}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={remove}
        busy={busy}
        title={t('remove.title', { name: removing?.name ?? '' })}
        confirmLabel={t('action.remove')}
        testId="connection-remove"
      >
        {removing?.id === activeId ? t('remove.textActive') : t('remove.text')}
      </ConfirmDialog>
    </section>
  )
}
