import { useTranslation } from 'react-i18next'
import { call, client } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { copyText, toast, toastError } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useFiles, useFilesActions, useFilesStore } from './context.tsx'
import { openDialog } from './dialogs.ts'
import { offerUpload } from './intake.ts'
import { openGrid } from '../grid/open.ts'
import { pickFiles } from './pick-files.ts'
import { selectedCount } from './selection.ts'

export type LinkFormat = 'id' | 'url' | 'markdown' | 'html'

/** Everything that can be done with files, for the toolbar, the context menu and the keyboard alike. */
export interface Commands {
  /** Something is selected. */
  any: boolean
  /** Exactly one file is. */
  single: boolean
  /** The profile allows changes. */
  writable: boolean
  /** Among the chosen files, as far as they are in sight, is an appender. */
  appenders: boolean
  /** Appenders become normal files, under new IDs. */
  finish(): void
  upload(folders: boolean): void
  paste(): void
  /** Folders whose new files are uploaded by themselves. */
  watch(): void
  /** Files that are on the servers already. */
  importFiles(): void
  download(): void
  zip(): void
  copy(format: LinkFormat): void
  copyAs(): void
  rename(): void
  move(): void
  forget(): void
  remove(): void
  inspect(): void
  /** The metadata of the selected files, or of all that are shown, as a table. */
  editMetadata(): void
  preview(): void
  /** The selected files to the desktop; null where the host cannot. */
  dragOut: (() => void) | null
  /** Small pictures of the selected ones, on the servers. */
  thumbnails(): void
  /** Which tags the selected files have. */
  tag(): void
  /** Marks the selected files, or takes the mark away when the one under the cursor has it. */
  favourite(): void
}

export function useCommands(): Commands {
  const { t } = useTranslation('files')
  const format = useFormat()
  const actions = useFilesActions()
  const store = useFilesStore()
  const count = useFiles((state) => selectedCount(state.selection, state.total))
  const writable = useInfo((info) => activeProfile(info)?.readOnly !== true)
  const native = useInfo((info) => info.host.pickFiles)

  const canDragOut = useInfo((info) => info.host.dragOut === true)

  const withSelection = (run: (selection: NonNullable<ReturnType<typeof actions.selection>>) => void) => (): void => {
    const selection = actions.selection()
    if (selection !== null) run(selection)
  }
  return {
    any: count > 0,
    single: count === 1,
    get appenders() {
      const { rows, selection } = store.getState()
      return selection.tag === 'some' && [...selection.ids].slice(0, 1_000).some((id) => rows.find(id)?.kind === 'appender')
    },
    finish: withSelection((selection) => {
      call('transfers.finish', { selection }).catch(toastError)
    }),
    writable,
    upload(folders) {
      if (!writable) return
      const picked = native
        ? client()
            .call('host.pickFiles', { folders })
            .then((paths) => ({ kind: 'paths' as const, paths }))
        : pickFiles(folders)
      // The sheet opens only once something was chosen: a cancelled dialog leaves no trace.
      picked
        .then((dropped) => {
          const some = dropped.kind === 'paths' ? dropped.paths.length > 0 : dropped.files.length > 0
          return some ? offerUpload(Promise.resolve(dropped)) : undefined
        })
        .catch(toastError)
    },
    paste: () => openDialog({ type: 'paste', text: '' }),
    watch: () => openDialog({ type: 'watch' }),
    importFiles: () => openDialog({ type: 'import', way: 'server', text: '' }),
    download: withSelection((selection) => openDialog({ type: 'download', target: { selection } })),
    zip: withSelection((selection) => openDialog({ type: 'zip', target: { selection } })),
    copy: (kind) =>
      withSelection((selection) => {
        call('files.links', { selection, format: kind })
          .then(async ({ text, count: copied }) => {
            await copyText(text)
            toast({ kind: 'success', key: 'copied', title: t(`copied.${kind}`, { count: copied, number: format.number(copied) }) })
          })
          .catch(toastError)
      })(),
    copyAs: withSelection((selection) => openDialog({ type: 'copyAs', selection })),
    rename() {
      const { selection } = store.getState()
      if (selection.tag === 'some' && selection.ids.size === 1) actions.setRenaming([...selection.ids][0] ?? null)
    },
    move: withSelection((selection) => openDialog({ type: 'move', selection })),
    forget: withSelection((selection) => openDialog({ type: 'forget', selection })),
    remove: withSelection((selection) => {
      if (writable) openDialog({ type: 'delete', selection })
    }),
    inspect: () => actions.setInspector(true),
    dragOut: canDragOut ? withSelection((selection) => openDialog({ type: 'dragOut', selection })) : null,
    thumbnails: withSelection((selection) => {
      if (writable) openDialog({ type: 'thumbnails', selection })
    }),
    tag: withSelection((selection) => openDialog({ type: 'tags', selection })),
    favourite: withSelection((selection) => {
      const { rows, cursorId, selection: chosen } = store.getState()
      const first = cursorId ?? (chosen.tag === 'some' ? [...chosen.ids][0] : undefined)
      actions.setFavourite(selection, !(first !== undefined && rows.find(first)?.favourite === true))
    }),
    editMetadata() {
      openGrid(store).catch(toastError)
    },
    preview() {
      if (count > 0) openDialog({ type: 'preview' })
    }
  }
}
