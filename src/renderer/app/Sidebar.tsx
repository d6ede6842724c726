import { ArrowDownUp, Command, Files, Network, Plug, Settings, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cx, Kbd } from '../components/index.ts'
import { LibraryNav, useLibraryHome } from '../features/files/index.ts'
import { TrashCount } from '../features/trash/TrashCount.tsx'
import { NavBadge } from '../features/transfers/shell.ts'
import { ConnectionSwitcher } from './ConnectionSwitcher.tsx'
import type { ViewName } from './navigation.ts'
import { navigate, useNavigation } from './navigation.ts'
import { openOverlay } from './overlays.ts'

const ICONS: Record<ViewName, ReactNode> = {
  files: <Files size={16} aria-hidden="true" />,
  transfers: <ArrowDownUp size={16} aria-hidden="true" />,
  cluster: <Network size={16} aria-hidden="true" />,
  connections: <Plug size={16} aria-hidden="true" />,
  trash: <Trash2 size={16} aria-hidden="true" />,
  settings: <Settings size={16} aria-hidden="true" />
}

/** What the tour points at. */
const TOUR: Partial<Record<ViewName, string>> = { files: 'library', transfers: 'transfers' }

function NavItem({ view, onSelect, end, current }: { view: ViewName; onSelect: () => void; end?: ReactNode; current: boolean }) {
  const { t } = useTranslation()
  return (
    <li>
      <button
        type="button"
        aria-current={current ? 'page' : undefined}
        data-testid={`nav-${view}`}
        data-tour={TOUR[view]}
        onClick={onSelect}
        className={cx(
          'flex h-(--line-nav) w-full items-center gap-2.5 rounded-md px-2 text-left text-base transition-colors',
          current ? 'bg-active font-medium text-text' : 'text-text hover:bg-hover'
        )}
      >
        <span className={cx('flex shrink-0', current ? 'text-accent' : 'text-muted')}>{ICONS[view]}</span>
        <span className="min-w-0 flex-1 truncate">{t(`nav.${view}`)}</span>
        {end}
      </button>
    </li>
  )
}

export function Sidebar() {
  const { t } = useTranslation()
  const view = useNavigation((state) => state.view)
  const library = useLibraryHome()
  return (
    <nav aria-label={t('app.navigation')} className="flex h-full flex-col bg-bg px-2.5 pt-2.5 pb-2.5">
      <ConnectionSwitcher />
      <ul className="m-0 mt-3 flex list-none flex-col gap-px p-0">
        <NavItem
          view="files"
          current={view === 'files' && library.isHome}
          onSelect={() => {
            library.open()
            navigate('files')
          }}
        />
        <NavItem view="transfers" current={view === 'transfers'} onSelect={() => navigate('transfers')} end={<NavBadge />} />
        <NavItem view="cluster" current={view === 'cluster'} onSelect={() => navigate('cluster')} />
        <NavItem view="connections" current={view === 'connections'} onSelect={() => navigate('connections')} />
      </ul>
      <div className="-mx-2.5 mt-3 min-h-0 flex-1 overflow-y-auto px-2.5">
        <LibraryNav />
      </div>
      <ul className="m-0 mt-2 flex list-none flex-col gap-px p-0">
        <li>
          <button
            type="button"
            data-testid="open-palette"
            data-tour="commands"
            onClick={() => openOverlay('palette')}
            className="flex h-(--line-nav) w-full items-center gap-2.5 rounded-md px-2 text-left text-base text-text transition-colors hover:bg-hover"
          >
            <Command size={16} className="shrink-0 text-muted" aria-hidden="true" />
            <span className="min-w-0 flex-1 truncate">{t('nav.commands')}</span>
            <Kbd keys="Mod+K" />
          </button>
        </li>
        <NavItem view="trash" current={view === 'trash'} onSelect={() => navigate('trash')} end={<TrashCount />} />
        <NavItem view="settings" current={view === 'settings'} onSelect={() => navigate('settings')} />
      </ul>
    </nav>
  )
}
