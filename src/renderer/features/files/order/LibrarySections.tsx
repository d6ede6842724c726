import { Bookmark, ChevronRight, Database, Pencil, Plus, Trash2, Upload } from 'lucide-react'
import type { DragEvent, ReactNode } from 'react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileBatch, FileQuery, FileSort, Tag } from '../../../../shared/model.ts'
import { call } from '../../../api/client.ts'
import { recall, remember } from '../../../app/layout.ts'
import { navigate, useNavigation } from '../../../app/navigation.ts'
import { ColorMark } from '../../../app/ProfileMark.tsx'
import type { MenuEntry } from '../../../components/index.ts'
import { ContextMenu, IconButton, cx, toastError } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useFiles, useFilesActions } from '../context.tsx'
import { openDialog, type OpenDialog } from '../dialogs.ts'
import { folderTree } from '../folder-tree.ts'
import { canDropInto, draggedOver, dropInto, dropOnTag } from './drag.ts'
import { FolderTree } from './FolderTree.tsx'
import { ITEM } from './item.ts'
import { LIBRARY_VIEWS } from './library-views.ts'

type SectionId = 'views' | 'searches' | 'folders' | 'tags' | 'batches' | 'groups'

const isFolded = (value: unknown): value is Partial<Record<SectionId, boolean>> => typeof value === 'object' && value !== null
const FOLDED_AT_FIRST: Partial<Record<SectionId, boolean>> = { batches: true }

function useFolded(id: SectionId): [boolean, (folded: boolean) => void] {
  const [folded, setFolded] = useState(() => recall('sections', isFolded)?.[id] ?? FOLDED_AT_FIRST[id] === true)
  return [
    folded,
    (next) => {
      setFolded(next)
      remember('sections', { ...recall('sections', isFolded), [id]: next })
    }
  ]
}

/** A part of the sidebar that folds away. */
function Section({ id, title, end, children }: { id: SectionId; title: string; end?: ReactNode; children: ReactNode }) {
  const [folded, fold] = useFolded(id)
  return (
    <section className="group/section mb-3" data-section={id}>
      <div className="flex h-6 items-center gap-1 pr-1 pl-1">
        <h2 className="m-0 flex min-w-0 flex-1 text-sm font-medium">
          <button
            type="button"
            aria-expanded={!folded}
            onClick={() => fold(!folded)}
            className="flex min-w-0 flex-1 items-center gap-1 rounded text-left text-faint hover:text-text"
          >
            <ChevronRight size={12} className={cx('shrink-0 transition-transform', !folded && 'rotate-90')} aria-hidden="true" />
            <span className="truncate">{title}</span>
          </button>
        </h2>
        {end}
      </div>
      {folded ? null : children}
    </section>
  )
}

interface LineProps {
  label: string
  icon: ReactNode
  count?: number | undefined
  current: boolean
  onOpen: () => void
  onPoint?: () => void
  drop?: (event: DragEvent) => (() => void) | null
}

function Line({ label, icon, count, current, onOpen, onPoint, drop }: LineProps) {
  const format = useFormat()
  const [over, setOver] = useState(false)
  return (
    <li>
      <button
        type="button"
        aria-current={current ? 'true' : undefined}
        onClick={onOpen}
        onContextMenu={onPoint}
        onFocus={onPoint}
        onDragOver={(event) => {
          if (drop?.(event) == null) return
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          setOver(false)
          const act = drop?.(event)
          if (act == null) return
          event.preventDefault()
          act()
        }}
        className={cx(
          ITEM,
          'px-2',
          current ? 'bg-active font-medium' : 'hover:bg-hover',
          over && 'bg-accent-soft outline-2 -outline-offset-2 outline-accent'
        )}
      >
        <span className={cx('flex size-4 shrink-0 items-center justify-center', current ? 'text-accent' : 'text-muted')}>{icon}</span>
        <span className="min-w-0 flex-1 truncate">{label}</span>
        {count === undefined ? null : <span className="tabular shrink-0 text-sm font-normal text-faint">{format.number(count)}</span>}
      </button>
    </li>
  )
}

const LIST = 'm-0 list-none p-0'
const sameQuery = (a: FileQuery, b: FileQuery): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key as keyof FileQuery] === value)

/** Shows what a query finds, under a name. */
function useOpen(): {
  open: (query: FileQuery, look?: { title?: string; sort?: FileSort }) => void
  isCurrent: (query: FileQuery) => boolean
} {
  const actions = useFilesActions()
  const view = useNavigation((state) => state.view)
  const now = useFiles((state) => state.query)
  return {
    open(query, look) {
      actions.setQuery(query, look)
      navigate('files')
    },
    isCurrent: (query) => view === 'files' && sameQuery(now, query)
  }
}

const ask = (dialog: OpenDialog) => (): void => {
  navigate('files')
  openDialog(dialog)
}

function Views() {
  const { t } = useTranslation('order')
  const { open, isCurrent } = useOpen()
  return (
    <Section id="views" title={t('section.views')}>
      <ul className={LIST} aria-label={t('section.views')}>
        {LIBRARY_VIEWS.map(({ id, icon: Icon, query, sort }) => (
          <Line
            key={id}
            label={t(`view.${id}`)}
            icon={<Icon size={15} aria-hidden="true" />}
            current={isCurrent(query)}
            onOpen={() => open(query, { title: t(`view.${id}`), ...(sort === undefined ? {} : { sort }) })}
          />
        ))}
      </ul>
    </Section>
  )
}

function Searches() {
  const { t } = useTranslation('order')
  const searches = useFiles((state) => state.searches)
  const { open, isCurrent } = useOpen()
  const [pointed, setPointed] = useState<number | null>(null)
  const search = searches.find(({ id }) => id === pointed)
  const icon = { size: 14, 'aria-hidden': true } as const
  if (searches.length === 0) return null
  const menu: MenuEntry[] =
    search === undefined
      ? []
      : [
          { label: t('search.renameItem'), icon: <Pencil {...icon} />, onSelect: ask({ type: 'search', search }) },
          {
            label: t('search.removeItem'),
            icon: <Trash2 {...icon} />,
            onSelect: () => void call('order.removeSearch', { id: search.id }).catch(toastError)
          }
        ]
  return (
    <Section id="searches" title={t('section.searches')}>
      <ContextMenu items={menu}>
        <ul className={LIST} aria-label={t('section.searches')} data-testid="saved-searches">
          {searches.map(({ id, name, query, sort }) => (
            <Line
              key={id}
              label={name}
              icon={<Bookmark size={14} aria-hidden="true" />}
              current={isCurrent(query)}
              onPoint={() => setPointed(id)}
              onOpen={() => open(query, { title: name, ...(sort === null ? {} : { sort }) })}
            />
          ))}
        </ul>
      </ContextMenu>
    </Section>
  )
}

function Tags() {
  const { t } = useTranslation('order')
  const tags = useFiles((state) => state.tags)
  const { open, isCurrent } = useOpen()
  const [pointed, setPointed] = useState<string | null>(null)
  const tag: Tag | undefined = tags.find(({ name }) => name === pointed)
  const icon = { size: 14, 'aria-hidden': true } as const
  const menu: MenuEntry[] =
    tag === undefined
      ? []
      : [
          { label: t('tag.editItem'), icon: <Pencil {...icon} />, onSelect: ask({ type: 'tag', tag }) },
          { label: t('tag.removeItem'), icon: <Trash2 {...icon} />, onSelect: ask({ type: 'removeTag', tag }) }
        ]
  return (
    <Section
      id="tags"
      title={t('section.tags')}
      end={
        <IconButton size="sm" label={t('tag.new')} icon={<Plus size={14} aria-hidden="true" />} onClick={ask({ type: 'tag', tag: null })} />
      }
    >
      {tags.length === 0 ? (
        <p className="m-0 px-2 py-1 text-sm text-faint">{t('tag.none')}</p>
      ) : (
        <ContextMenu items={menu}>
          <ul className={LIST} aria-label={t('section.tags')} data-testid="tags">
            {tags.map(({ name, color, fileCount }) => (
              <Line
                key={name}
                label={name}
                count={fileCount}
                icon={
                  color === 'none' ? (
                    <span aria-hidden="true" className="size-2.5 rounded-full border-2 border-control" />
                  ) : (
                    <ColorMark color={color} />
                  )
                }
                current={isCurrent({ tag: name })}
                onPoint={() => setPointed(name)}
                onOpen={() => open({ tag: name }, { title: name })}
                drop={(event) => {
                  const what = draggedOver(event)
                  return what?.type === 'files' ? () => dropOnTag(what, name) : null
                }}
              />
            ))}
          </ul>
        </ContextMenu>
      )}
    </Section>
  )
}

function Folders() {
  const { t, i18n } = useTranslation(['order', 'files'])
  const nodes = useFiles((state) => state.folders)
  const current = useFiles((state) => state.query.folder)
  const roots = useMemo(() => folderTree(nodes, i18n.language), [nodes, i18n.language])
  const [over, setOver] = useState(false)
  return (
    <div
      // The heading is the top: what is dropped on it is in no folder.
      onDragOver={(event) => {
        const heading = event.target instanceof Element && event.target.closest('h2') !== null
        setOver(heading)
        if (heading && canDropInto(draggedOver(event), '')) event.preventDefault()
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        const what = draggedOver(event)
        if (event.defaultPrevented || !canDropInto(what, '')) return
        event.preventDefault()
        dropInto(what, '')
      }}
      className={cx(over && 'rounded-md outline-2 outline-accent')}
    >
      <Section
        id="folders"
        title={t('files:nav.folders')}
        end={
          <IconButton
            size="sm"
            label={t('folder.new')}
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={ask({ type: 'newFolder', parent: current ?? '' })}
          />
        }
      >
        {roots.length === 0 ? <p className="m-0 px-2 py-1 text-sm text-faint">{t('folder.none')}</p> : <FolderTree roots={roots} />}
      </Section>
    </div>
  )
}

/** What was uploaded when: days, and the uploads of each. */
function Batches() {
  const { t } = useTranslation('order')
  const format = useFormat()
  const folders = useFiles((state) => state.folders)
  const groups = useFiles((state) => state.groups)
  const { open, isCurrent } = useOpen()
  const [batches, setBatches] = useState<FileBatch[]>([])
  useEffect(() => {
    let current = true
    call('order.batches', { limit: 60 }).then(
      (found) => current && setBatches(found),
      () => undefined
    )
    return () => {
      current = false
    }
  }, [folders, groups])
  const days = new Map<string, FileBatch[]>()
  for (const batch of batches) {
    const day = format.date(batch.addedAt)
    days.set(day, [...(days.get(day) ?? []), batch])
  }
  return (
    <>
      {[...days].map(([day, list]) => (
        <div key={day} role="group" aria-label={day}>
          <p className="m-0 px-2 pt-1 text-xs text-faint">{day}</p>
          <ul className={LIST}>
            {list.map((batch) => {
              const title = batch.title === '' ? t('batch.untitled') : batch.title
              return (
                <Line
                  key={batch.batchId}
                  label={title}
                  count={batch.fileCount}
                  icon={<Upload size={13} aria-hidden="true" />}
                  current={isCurrent({ batchId: batch.batchId })}
                  onOpen={() => open({ batchId: batch.batchId }, { title: `${title} · ${day}` })}
                />
              )
            })}
          </ul>
        </div>
      ))}
      {batches.length === 0 ? <p className="m-0 px-2 py-1 text-sm text-faint">{t('batch.none')}</p> : null}
    </>
  )
}

function Groups() {
  const { t } = useTranslation('files')
  const groups = useFiles((state) => state.groups)
  const { open, isCurrent } = useOpen()
  if (groups.length === 0) return null
  return (
    <Section id="groups" title={t('nav.groups')}>
      <ul className={LIST} aria-label={t('nav.groups')}>
        {groups.map((each) => (
          <Line
            key={each.group}
            label={each.group}
            count={each.fileCount}
            icon={<Database size={14} aria-hidden="true" />}
            current={isCurrent({ group: each.group })}
            onOpen={() => open({ group: each.group })}
          />
        ))}
      </ul>
    </Section>
  )
}

/** Views, saved searches, folders, tags, uploads and groups of the library. */
export function LibrarySections() {
  const { t } = useTranslation('order')
  return (
    <>
      <Views />
      <Searches />
      <Folders />
      <Tags />
      <Section id="batches" title={t('section.batches')}>
        <Batches />
      </Section>
      <Groups />
    </>
  )
}
