import { Check, ChevronsUpDown, Settings2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { call } from '../api/client.ts'
import icon from '../icon.svg'
import type { MenuEntry } from '../components/index.ts'
import { Menu, toastError } from '../components/index.ts'
import { NavHealth } from '../features/cluster/shell.ts'
import { activeProfile, useInfo } from './app-info.ts'
import { navigate } from './navigation.ts'
import { ColorMark, EnvironmentBadge } from './ProfileMark.tsx'

/** Which cluster the window works with, and the way to another. */
export function ConnectionSwitcher() {
  const { t } = useTranslation()
  const profiles = useInfo((info) => info.profiles)
  const active = useInfo(activeProfile)
  const entries: MenuEntry[] = [
    ...profiles.map((profile): MenuEntry => ({
      label: profile.builtIn ? t('connection.builtIn') : profile.name,
      icon: profile.id === active?.id ? <Check size={14} className="text-accent" aria-hidden="true" /> : null,
      onSelect: () => {
        if (profile.id !== active?.id) call('profiles.activate', { id: profile.id }).catch(toastError)
      }
    })),
    { type: 'separator' },
    { label: t('connection.manage'), icon: <Settings2 size={14} aria-hidden="true" />, onSelect: () => navigate('connections') }
  ]
  const name = active === undefined ? t('connection.none') : active.builtIn ? t('connection.builtIn') : active.name
  return (
    <Menu
      items={entries}
      trigger={
        <button
          type="button"
          data-testid="connection-switcher"
          className="flex w-full items-center gap-2.5 rounded-lg px-2 py-1.5 text-left transition-colors hover:bg-hover data-popup-open:bg-hover"
        >
          <img src={icon} alt="" className="size-7 shrink-0" />
          <span className="flex min-w-0 flex-1 flex-col">
            <span className="flex min-w-0 items-center gap-1.5">
              {active === undefined ? null : <ColorMark color={active.color} />}
              <span className="truncate text-base font-semibold text-text">{name}</span>
            </span>
            <span className="flex min-w-0 items-center gap-1.5">
              {active === undefined ? null : <EnvironmentBadge environment={active.environment} />}
              <span className="truncate text-sm text-muted">
                {active?.readOnly === true ? t('connection.readOnly') : (active?.trackers[0] ?? t('connection.local'))}
              </span>
            </span>
          </span>
          <span className="sr-only">{t('connection.switch')}</span>
          <NavHealth />
          <ChevronsUpDown size={14} className="shrink-0 text-faint" aria-hidden="true" />
        </button>
      }
    />
  )
}
