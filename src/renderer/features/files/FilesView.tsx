import { Clipboard, DatabaseZap, FolderUp, Images, Upload } from 'lucide-react'
import { Suspense, lazy, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { recall, remember, rememberedLayout, rememberLayout } from '../../app/layout.ts'
import { Art, Button, EmptyState, ErrorState } from '../../components/index.ts'
import { useFiles, useFilesActions } from './context.tsx'
import { addSamples } from './add-samples.ts'
import { useDialog } from './dialogs.ts'
import { FileTable } from './FileTable.tsx'
import { FilterBar } from './FilterBar.tsx'
import { InspectorPane } from './InspectorPane.tsx'
import { LoadingRows } from './LoadingRows.tsx'
import { isFiltered } from './store.ts'
import { Toolbar } from './Toolbar.tsx'
import { useOpenGrid } from '../grid/open.ts'
import { useCommands } from './use-commands.ts'
import { useViewOptions } from './view-options.ts'

// Fetched when first needed: what is not on the first screen must not delay it.
const Welcome = lazy(async () => ({ default: (await import('./Welcome.tsx')).Welcome }))
const FileGrid = lazy(async () => ({ default: (await import('./FileGrid.tsx')).FileGrid }))
const GridView = lazy(async () => ({ default: (await import('../grid/index.ts')).GridView }))
const DuplicatesBar = lazy(async () => ({ default: (await import('./order/DuplicatesBar.tsx')).DuplicatesBar }))
const FileDialogs = lazy(async () => ({ default: (await import('./FileDialogs.tsx')).FileDialogs }))

/** Nobody has connected to anything yet, and nobody has said that this is fine. */
function useWelcome(): { wanted: boolean; done: () => void } {
  const untouched = useInfo((info) => info.profiles.length === 1 && activeProfile(info)?.builtIn === true)
  const [welcomed, setWelcomed] = useState(() => recall('welcomed', (value) => value === true) ?? false)
  return {
    wanted: untouched && !welcomed,
    done() {
      remember('welcomed', true)
      setWelcomed(true)
    }
  }
}

/** Nothing in the library yet. */
function FirstRun() {
  const welcome = useWelcome()
  return welcome.wanted ? (
    <Suspense fallback={null}>
      <Welcome onDone={welcome.done} />
    </Suspense>
  ) : (
    <EmptyLibrary />
  )
}

function EmptyLibrary() {
  const { t } = useTranslation('files')
  const commands = useCommands()
  const builtIn = useInfo((info) => activeProfile(info)?.builtIn === true)
  return (
    <EmptyState
      className="h-full"
      icon={<Art name="library" />}
      title={t('empty.title')}
      text={commands.writable ? t('empty.text') : t('empty.readOnly')}
      actions={
        <>
          {commands.writable ? (
            <>
              <Button variant="primary" icon={<Upload size={15} aria-hidden="true" />} onClick={() => commands.upload(false)}>
                {t('empty.files')}
              </Button>
              <Button icon={<FolderUp size={15} aria-hidden="true" />} onClick={() => commands.upload(true)}>
                {t('empty.folder')}
              </Button>
            </>
          ) : null}
          <Button icon={<Clipboard size={15} aria-hidden="true" />} onClick={commands.paste}>
            {t('empty.paste')}
          </Button>
          <Button icon={<DatabaseZap size={15} aria-hidden="true" />} onClick={commands.importFiles}>
            {t('upload.existing')}
          </Button>
          {builtIn && commands.writable ? (
            <Button icon={<Images size={15} aria-hidden="true" />} onClick={addSamples}>
              {t('empty.samples')}
            </Button>
          ) : null}
        </>
      }
    />
  )
}

function NothingFound() {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  return (
    <EmptyState
      className="h-full"
      icon={<Art name="search" />}
      title={t('nothing.title')}
      text={t('nothing.text')}
      actions={<Button onClick={() => actions.setQuery({})}>{t('nothing.clear')}</Button>}
    />
  )
}

function Rows() {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const status = useFiles((state) => state.status)
  const error = useFiles((state) => state.error)
  const total = useFiles((state) => state.total)
  const filtered = useFiles((state) => isFiltered(state.query))
  const layout = useViewOptions((state) => state.layout)
  if (status === 'error' && error !== null)
    return <ErrorState className="h-full" title={t('failed')} error={error} onRetry={actions.refresh} />
  if (status === 'loading') return <LoadingRows />
  if (total === 0) return filtered ? <NothingFound /> : <FirstRun />
  if (layout === 'table') return <FileTable />
  return (
    <Suspense fallback={null}>
      <FileGrid />
    </Suspense>
  )
}

/** Whoever goes to another place of the library while the metadata grid is open wants to see it. */
function useLeavingGrid(): void {
  const query = useFiles((state) => state.query)
  const seen = useRef(query)
  useEffect(() => {
    if (seen.current === query) return
    seen.current = query
    if (useOpenGrid.getState().open !== null) void import('../grid/leave.ts').then(({ leaveGrid }) => leaveGrid())
  }, [query])
}

export function FilesView() {
  const { t } = useTranslation()
  const actions = useFilesActions()
  const dialog = useDialog((state) => state.open !== null)
  const grid = useOpenGrid((state) => state.open !== null)
  const copies = useFiles((state) => state.sort.key === 'copies')
  // Beside an empty library it would only say so a second time.
  const inspector = useFiles((state) => state.inspector && !(state.status === 'ready' && state.total === 0 && !isFiltered(state.query)))
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'F5' || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      actions.refresh()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [actions])
  useLeavingGrid()
  const dialogs = dialog ? (
    <Suspense fallback={null}>
      <FileDialogs />
    </Suspense>
  ) : null
  if (grid)
    return (
      <>
        <Suspense fallback={null}>
          <GridView />
        </Suspense>
        {dialogs}
      </>
    )
  return (
    <>
      <Group
        className="h-full"
        orientation="horizontal"
        defaultLayout={inspector ? rememberedLayout('files') : undefined}
        onLayoutChanged={(layout) => {
          if (Object.keys(layout).length === 2) rememberLayout('files', layout)
        }}
      >
        <Panel id="files-panel" minSize="360px">
          <div className="flex h-full min-w-0 flex-col">
            <Toolbar />
            <FilterBar />
            {copies ? (
              <Suspense fallback={null}>
                <DuplicatesBar />
              </Suspense>
            ) : null}
            <div className="min-h-0 flex-1">
              <Rows />
            </div>
          </div>
        </Panel>
        {inspector ? (
          <>
            <Separator
              aria-label={t('size.resizeInspector')}
              className="w-px bg-line outline-offset-0 transition-colors hover:bg-accent data-[separator=active]:bg-accent"
            />
            <Panel id="inspector-panel" minSize="260px" maxSize="560px" defaultSize="320px" groupResizeBehavior="preserve-pixel-size">
              <InspectorPane />
            </Panel>
          </>
        ) : null}
      </Group>
      {dialogs}
    </>
  )
}
