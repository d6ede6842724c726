import { ChevronRight, Folder, FolderInput, FolderPlus, Pencil, Trash2 } from 'lucide-react'
import type { DragEvent, KeyboardEvent } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, useNavigation } from '../../../app/navigation.ts'
import type { MenuEntry } from '../../../components/index.ts'
import { ContextMenu, cx } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useFiles, useFilesActions } from '../context.tsx'
import { openDialog, type OpenDialog } from '../dialogs.ts'
import type { TreeFolder } from '../folder-tree.ts'
import { canDropInto, draggedOver, dropInto, endDrag, startDrag } from './drag.ts'
import { ITEM } from './item.ts'

interface TreeProps {
  folders: readonly TreeFolder[]
  level: number
  expanded: ReadonlySet<string>
  current: string | undefined
  /** The one item that Tab reaches. */
  tabStop: string
  onToggle(path: string, open: boolean): void
  onOpen(path: string): void
  /** The folder whose menu is about to open. */
  onPoint(path: string): void
}

/** Something of ours is held over an element: whether it may be dropped there, and what then happens. */
function useDropTarget(folder: string) {
  const [over, setOver] = useState(false)
  return {
    over,
    props: {
      onDragOver: (event: DragEvent) => {
        if (!canDropInto(draggedOver(event), folder)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'move'
        setOver(true)
      },
      onDragLeave: () => setOver(false),
      onDrop: (event: DragEvent) => {
        const what = draggedOver(event)
        setOver(false)
        if (!canDropInto(what, folder)) return
        event.preventDefault()
        event.stopPropagation()
        dropInto(what, folder)
      }
    }
  }
}

function Item({ folder, ...tree }: Omit<TreeProps, 'folders'> & { folder: TreeFolder }) {
  const { level, expanded, current, tabStop, onToggle, onOpen, onPoint } = tree
  const format = useFormat()
  const drop = useDropTarget(folder.path)
  const open = expanded.has(folder.path)
  const leaf = folder.children.length === 0
  const selected = current === folder.path
  return (
    <div role="none">
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree around it takes the keys */}
      <div
        role="treeitem"
        aria-level={level}
        aria-expanded={leaf ? undefined : open}
        aria-selected={selected}
        tabIndex={tabStop === folder.path ? 0 : -1}
        data-path={folder.path}
        draggable
        onDragStart={(event) => startDrag(event, { type: 'folder', path: folder.path })}
        onDragEnd={endDrag}
        {...drop.props}
        onClick={() => onOpen(folder.path)}
        onContextMenu={() => onPoint(folder.path)}
        className={cx(
          ITEM,
          'pr-2',
          selected ? 'bg-active font-medium text-text' : 'text-text hover:bg-hover',
          drop.over && 'bg-accent-soft outline-2 -outline-offset-2 outline-accent'
        )}
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
          <Tree {...tree} folders={folder.children} level={level + 1} />
        </div>
      ) : null}
    </div>
  )
}

function Tree({ folders, ...tree }: TreeProps) {
  return folders.map((folder) => <Item key={folder.path} folder={folder} {...tree} />)
}

/** Folders that are visible, in order, with what a key on them needs. */
function visibleFolders(folders: readonly TreeFolder[], expanded: ReadonlySet<string>): TreeFolder[] {
  return folders.flatMap((folder) => [folder, ...(expanded.has(folder.path) ? visibleFolders(folder.children, expanded) : [])])
}

export function FolderTree({ roots }: { roots: readonly TreeFolder[] }) {
  const { t } = useTranslation(['order', 'files'])
  const actions = useFilesActions()
  const view = useNavigation((state) => state.view)
  const folder = useFiles((state) => state.query.folder)
  const current = view === 'files' ? folder : undefined
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const [focused, setFocused] = useState<string | null>(null)
  const [pointed, setPointed] = useState<string | null>(null)
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
  const ask = (dialog: OpenDialog) => (): void => {
    navigate('files')
    openDialog(dialog)
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
      ' ': () => open(here.path),
      F2: ask({ type: 'renameFolder', path: here.path }),
      Delete: ask({ type: 'removeFolder', path: here.path })
    }
    // The menu key opens the menu of the item with the focus.
    if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) setPointed(here.path)
    const move = moves[event.key]
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    move()
  }
  const path = pointed ?? tabStop
  const icon = { size: 14, 'aria-hidden': true } as const
  const menu: MenuEntry[] = [
    { label: t('folder.newHere'), icon: <FolderPlus {...icon} />, onSelect: ask({ type: 'newFolder', parent: path }) },
    { type: 'separator' },
    { label: t('folder.renameItem'), icon: <Pencil {...icon} />, shortcut: 'F2', onSelect: ask({ type: 'renameFolder', path }) },
    { label: t('folder.moveItem'), icon: <FolderInput {...icon} />, onSelect: ask({ type: 'moveFolder', path }) },
    { type: 'separator' },
    { label: t('folder.removeItem'), icon: <Trash2 {...icon} />, shortcut: 'Delete', onSelect: ask({ type: 'removeFolder', path }) }
  ]
  return (
    <ContextMenu items={menu}>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- one of its items has the focus */}
      <div role="tree" aria-label={t('files:nav.folders')} onKeyDown={onKeyDown} data-testid="folder-tree">
        <Tree
          folders={roots}
          level={1}
          expanded={expanded}
          current={current}
          tabStop={tabStop}
          onToggle={toggle}
          onOpen={open}
          onPoint={setPointed}
        />
      </div>
    </ContextMenu>
  )
}
