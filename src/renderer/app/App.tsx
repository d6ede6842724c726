import { Suspense, lazy, useDeferredValue, useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { client } from '../api/client.ts'
import { Button, ErrorState, Spinner, TooltipProvider, cx, toastError, useToastsWanted } from '../components/index.ts'
import { DropZone, FilesProvider, IntakeBar, ThumbnailBar } from '../features/files/index.ts'
import { TransfersBar } from '../features/transfers/shell.ts'
import { browserLanguage, chosenLanguage, setLanguage } from '../i18n/index.ts'
import { activeProfile, startAppInfo, useAppInfo, useInfo } from './app-info.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { rememberedLayout, rememberLayout } from './layout.ts'
import { useNavigation } from './navigation.ts'
import { Overlays } from './Overlays.tsx'
import { Sidebar } from './Sidebar.tsx'
import { applyTheme } from './theme.ts'
import { views } from './views.ts'

const Toasts = lazy(async () => ({ default: (await import('../components/Toasts.tsx')).Toasts }))

/** Seldom needed. */
const RescueView = lazy(async () => ({ default: (await import('../features/library/RescueView.tsx')).RescueView }))

function Loading() {
  const { t } = useTranslation()
  return (
    <div className="flex h-full items-center justify-center gap-2.5 text-muted">
      <Spinner />
      {t('progress.loading')}
    </div>
  )
}

/** Says that the program behind the page is gone, for as long as it is. */
function LinkBanner() {
  const { t } = useTranslation()
  const api = client()
  const state = useSyncExternalStore(api.onLinkState, api.linkState)
  if (state !== 'lost') return null
  return (
    <div role="alert" className="flex items-center justify-center gap-2 bg-warning-soft px-4 py-1.5 text-base text-warning">
      <Spinner size={14} />
      {t('link.lost')}
    </div>
  )
}

function Content() {
  // The sidebar follows at once; the view is rendered in pieces that leave room for the next key.
  const view = useDeferredValue(useNavigation((state) => state.view))
  const View = views[view]
  return (
    <ErrorBoundary key={view}>
      <Suspense fallback={<Loading />}>
        <View />
      </Suspense>
    </ErrorBoundary>
  )
}

function Shell() {
  const { t } = useTranslation()
  const profile = useInfo(activeProfile)
  const production = profile?.environment === 'production'
  return (
    <FilesProvider>
      <DropZone>
        <div
          className={cx('flex h-full flex-col', production && 'border-3 border-t-0 border-danger')}
          data-environment={profile?.environment}
        >
          {production ? (
            <p className="m-0 shrink-0 truncate bg-danger px-3 py-0.5 text-center text-sm font-medium text-danger-contrast" role="note">
              {t('environment.frame', { name: profile.builtIn ? t('connection.builtIn') : profile.name })}
            </p>
          ) : null}
          <LinkBanner />
          <Group
            className="min-h-0 flex-1"
            orientation="horizontal"
            defaultLayout={rememberedLayout('window')}
            onLayoutChanged={(layout) => rememberLayout('window', layout)}
          >
            <Panel id="sidebar-panel" minSize="180px" maxSize="400px" defaultSize="232px" groupResizeBehavior="preserve-pixel-size">
              <Sidebar />
            </Panel>
            <Separator
              aria-label={t('size.resizeSidebar')}
              className="w-px bg-line outline-offset-0 transition-colors hover:bg-accent data-[separator=active]:bg-accent"
            />
            <Panel id="content-panel" minSize="400px">
              <main className="flex h-full min-w-0 flex-col bg-surface">
                <div className="min-h-0 flex-1">
                  <Content />
                </div>
                <IntakeBar />
                <ThumbnailBar />
                <TransfersBar />
              </main>
            </Panel>
          </Group>
        </div>
      </DropZone>
      <Overlays />
    </FilesProvider>
  )
}

/** What is shown before the program has told about itself, and everything after. */
export function App() {
  const { t } = useTranslation()
  const info = useAppInfo((state) => state.info)
  const error = useAppInfo((state) => state.error)
  const toastsWanted = useToastsWanted((state) => state.wanted)
  const [attempt, setAttempt] = useState(0)
  /** The first look is in the right language. */
  const [spoken, setSpoken] = useState(false)
  useEffect(() => startAppInfo(), [attempt])

  const setting = info?.settings.language
  // In a browser the reader is whoever sits at the page: it knows their language, the program behind it may not.
  const system = info?.host.kind === 'browser' ? browserLanguage(navigator.languages) : info?.systemLanguage
  const theme = info?.settings.theme
  const contrast = info?.settings.contrast
  useEffect(() => {
    if (setting === undefined || system === undefined) return
    setLanguage(chosenLanguage(setting, system))
      .catch(toastError)
      .finally(() => setSpoken(true))
  }, [setting, system])
  useEffect(() => {
    if (theme !== undefined && contrast !== undefined) applyTheme({ theme, contrast })
  }, [theme, contrast])

  return (
    <ErrorBoundary>
      <TooltipProvider delay={500}>
        {info === null && error !== null ? (
          <ErrorState
            error={error.toData()}
            className="h-full"
            actions={<Button onClick={() => setAttempt(attempt + 1)}>{t('action.retry')}</Button>}
          />
        ) : info === null || !spoken ? (
          <Loading />
        ) : info.rescue === true ? (
          <Suspense fallback={<Loading />}>
            <RescueView />
          </Suspense>
        ) : (
          <Shell />
        )}
        {toastsWanted ? (
          <Suspense fallback={null}>
            <Toasts />
          </Suspense>
        ) : null}
      </TooltipProvider>
    </ErrorBoundary>
  )
}
