import { ChevronRight, Database, Folder } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, useNavigation } from '../../app/navigation.ts'
import { cx } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles, useFilesActions } from './context.tsx'
import type { TreeFolder } from './folder-tree.ts'
import { folderTree } from './folder-tree.ts'
import { isFiltered } from './store.ts'

/** The whole library, without any filter. */
export function useLibraryHome(): { isHome: boolean; open: () => void } {
  const actions = useFilesActions()
  const filtered = useFiles((state) => state.query.folder !== undefined || state.query.group !== undefined)
  const any = useFiles((state) => isFiltered(state.query))
  return {
    isHome: !filtered,
    open: () => {
      if (any) actions.setQuery({})
    }
  }
}

/** Shows the files of one batch of transfers, or of another query. */
export function useShowInLibrary(): (query: { batchId?: number; folder?: string }) => void {
  const actions = useFilesActions()
  return (query) => {
    actions.setQuery(query)
    navigate('files')
  }
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mb-4">
      <h2 className="m-0 px-2 pb-1 text-sm font-medium text-faint">{title}</h2>
      {children}
    </section>
  )
}

const ITEM = 'flex h-7 w-full items-center gap-2 rounded-md text-left text-base transition-colors'

interface TreeProps {
  folders: readonly TreeFolder[]
  level: number
  expanded: ReadonlySet<string>
  current: string | undefined
  /** The one item that Tab reaches. */
  tabStop: string
  onToggle(path: string, open: boolean): void
  onOpen(path: string): void
}

function Tree({ folders, level, expanded, current, tabStop, onToggle, onOpen }: TreeProps) {
  const format = useFormat()
  return folders.map((folder) => {
    const open = expanded.has(folder.path)
    const leaf = folder.children.length === 0
    const selected = current === folder.path
    return (
      <div key={folder.path} role="none">
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree around it takes the keys */}
        <div
          role="treeitem"
          aria-level={level}
          aria-expanded={leaf ? undefined : open}
          aria-selected={selected}
          tabIndex={tabStop === folder.path ? 0 : -1}
          data-path={folder.path}
          data-leaf={leaf || undefined}
          onClick={() => onOpen(folder.path)}
          className={cx(ITEM, 'pr-2', selected ? 'bg-active font-medium text-text' : 'text-text hover:bg-hover')}
          style={{ paddingLeft: 4 + (level - 1) * 14 }}
        >
          <span
            className={cx('flex size-4 shrink-0 items-center justify-center text-faint', leaf && 'invisible')}
            onClick={(event) => {
              event.stopPropagation()
              onToggle(folder.path, !open)
            }}
            aria-hidden="true"
          >
            <ChevronRight size={13} className={cx('transition-transform', open && 'rotate-90')} />
          </span>
          <Folder size={15} className={cx('shrink-0', selected ? 'text-accent' : 'text-muted')} aria-hidden="true" />
          <span className="min-w-0 flex-1 truncate">{folder.name}</span>
          <span className="tabular shrink-0 text-sm font-normal text-faint">{format.number(folder.fileCount)}</span>
        </div>
        {open && !leaf ? (
          <div role="group">
            <Tree {...{ expanded, current, tabStop, onToggle, onOpen }} folders={folder.children} level={level + 1} />
          </div>
        ) : null}
      </div>
    )
  })
}

/** Folders that are visible, in order, with what a key on them needs. */
function visibleFolders(folders: readonly TreeFolder[], expanded: ReadonlySet<string>): TreeFolder[] {
  return folders.flatMap((folder) => [folder, ...(expanded.has(folder.path) ? visibleFolders(folder.children, expanded) : [])])
}

function Folders({ roots }: { roots: readonly TreeFolder[] }) {
  const { t } = useTranslation('files')
  const actions = useFilesActions()
  const view = useNavigation((state) => state.view)
  const folder = useFiles((state) => state.query.folder)
  const current = view === 'files' ? folder : undefined
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const [focused, setFocused] = useState<string | null>(null)
  const visible = visibleFolders(roots, expanded)
  const has = (path: string | null | undefined): path is string => visible.some((each) => each.path === path)
  const tabStop = has(focused) ? focused : has(current) ? current : (visible[0]?.path ?? '')

  const toggle = (path: string, open: boolean): void => {
    const next = new Set(expanded)
    if (open) next.add(path)
    else next.delete(path)
    setExpanded(next)
  }
  const open = (path: string): void => {
    setFocused(path)
    actions.setQuery({ folder: path, recursive: true })
    navigate('files')
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const at = visible.findIndex((each) => each.path === tabStop)
    const here = visible[at]
    if (here === undefined) return
    const focus = (path: string | undefined): void => {
      if (path === undefined || path === '') return
      setFocused(path)
      event.currentTarget.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus()
    }
    const isOpen = expanded.has(here.path)
    const moves: Record<string, () => void> = {
      ArrowDown: () => focus(visible[at + 1]?.path),
      ArrowUp: () => focus(visible[at - 1]?.path),
      Home: () => focus(visible[0]?.path),
      End: () => focus(visible.at(-1)?.path),
      ArrowRight: () => (isOpen ? focus(visible[at + 1]?.path) : here.children.length > 0 && toggle(here.path, true)),
      ArrowLeft: () => (isOpen ? toggle(here.path, false) : focus(here.path.slice(0, Math.max(0, here.path.lastIndexOf('/'))))),
      Enter: () => open(here.path),
      ' ': () => open(here.path)
    }
    const move = moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    move()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- one of its items has the focus
    <div role="tree" aria-label={t('nav.folders')} onKeyDown={onKeyDown} data-testid="folder-tree">
      <Tree folders={roots} level={1} expanded={expanded} current={current} tabStop={tabStop} onToggle={toggle} onOpen={open} />
    </div>
  )
}

/** Folders and groups of the library, for the sidebar. */
export function LibraryNav() {
  const { t, i18n } = useTranslation('files')
  const format = useFormat()
  const actions = useFilesActions()
  const nodes = useFiles((state) => state.folders)
  const groups = useFiles((state) => state.groups)
  const view = useNavigation((state) => state.view)
  const group = useFiles((state) => state.query.group)
  const folder = useFiles((state) => state.query.folder)
  const failed = useFiles((state) => state.foldersError)
  const roots = useMemo(() => folderTree(nodes, i18n.language), [nodes, i18n.language])
  return (
    <>
      {failed === null ? null : (
        <button
          type="button"
          onClick={actions.refresh}
          className="mb-3 w-full rounded-md bg-danger-soft px-2 py-1.5 text-left text-sm text-danger"
        >
          {t('nav.failed')}
        </button>
      )}
      {roots.length === 0 ? null : (
        <Section title={t('nav.folders')}>
          <Folders roots={roots} />
        </Section>
      )}
      {groups.length === 0 ? null : (
        <Section title={t('nav.groups')}>
          <ul className="m-0 list-none p-0" aria-label={t('nav.groups')}>
            {groups.map((each) => {
              const current = view === 'files' && folder === undefined && group === each.group
              return (
                <li key={each.group}>
                  <button
                    type="button"
                    aria-current={current ? 'true' : undefined}
                    onClick={() => {
                      actions.setQuery({ group: each.group })
                      navigate('files')
                    }}
                    className={cx(ITEM, 'px-2', current ? 'bg-active font-medium' : 'hover:bg-hover')}
                  >
                    <Database size={14} className={cx('shrink-0', current ? 'text-accent' : 'text-muted')} aria-hidden="true" />
                    <span className="min-w-0 flex-1 truncate">{each.group}</span>
                    <span className="tabular shrink-0 text-sm font-normal text-faint">{format.number(each.fileCount)}</span>
                  </button>
                </li>
              )
            })}
          </ul>
        </Section>
      )}
    </>
  )
}
