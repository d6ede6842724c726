import { Suspense, lazy } from 'react'
import { CopyAsDialog } from '../links/index.ts'
import { DeleteDialog, ForgetDialog } from './DeleteDialog.tsx'
import { closeDialog, useDialog } from './dialogs.ts'
import { MoveFolderDialog, NewFolderDialog, RemoveFolderDialog } from './order/FolderDialogs.tsx'
import { SaveSearchDialog } from './order/SaveSearchDialog.tsx'
import { RemoveTagDialog, TagDialog } from './order/TagDialogs.tsx'
import { TagFilesDialog } from './order/TagFilesDialog.tsx'
import { DownloadDialog } from './DownloadDialog.tsx'
import { MoveDialog } from './MoveDialog.tsx'
import { PasteDialog } from './PasteDialog.tsx'
import { QuickPreview } from './preview/QuickPreview.tsx'
import { ThumbnailsDialog } from './ThumbnailsDialog.tsx'
import { ZipDialog } from './ZipDialog.tsx'

const ImportDialog = lazy(async () => ({ default: (await import('../import/index.ts')).ImportDialog }))

const DragOutDialog = lazy(async () => ({ default: (await import('./DragOutDialog.tsx')).DragOutDialog }))
const WatchDialog = lazy(async () => ({ default: (await import('./WatchDialog.tsx')).WatchDialog }))

/** The dialog that is open, if any. */
export function FileDialogs() {
  const open = useDialog((state) => state.open)
  switch (open?.type) {
    case undefined:
      return null
    case 'paste':
      return <PasteDialog initial={open.text} onClose={closeDialog} />
    case 'import':
      return (
        <Suspense fallback={null}>
          <ImportDialog way={open.way} text={open.text} onClose={closeDialog} />
        </Suspense>
      )
    case 'watch':
      return (
        <Suspense fallback={null}>
          <WatchDialog onClose={closeDialog} />
        </Suspense>
      )
    case 'preview':
      return <QuickPreview onClose={closeDialog} />
    case 'download':
      return <DownloadDialog target={open.target} onClose={closeDialog} />
    case 'zip':
      return <ZipDialog target={open.target} onClose={closeDialog} />
    case 'delete':
      return <DeleteDialog selection={open.selection} onClose={closeDialog} />
    case 'forget':
      return <ForgetDialog selection={open.selection} onClose={closeDialog} />
    case 'copyAs':
      return <CopyAsDialog selection={open.selection} onClose={closeDialog} />
    case 'tags':
      return <TagFilesDialog selection={open.selection} onClose={closeDialog} />
    case 'thumbnails':
      return <ThumbnailsDialog selection={open.selection} onClose={closeDialog} />
    case 'dragOut':
      return (
        <Suspense fallback={null}>
          <DragOutDialog selection={open.selection} onClose={closeDialog} />
        </Suspense>
      )
    case 'tag':
      return <TagDialog tag={open.tag} onClose={closeDialog} />
    case 'removeTag':
      return <RemoveTagDialog tag={open.tag} onClose={closeDialog} />
    case 'newFolder':
      return <NewFolderDialog parent={open.parent} onClose={closeDialog} />
    case 'renameFolder':
    case 'moveFolder':
      return <MoveFolderDialog path={open.path} rename={open.type === 'renameFolder'} onClose={closeDialog} />
    case 'removeFolder':
      return <RemoveFolderDialog path={open.path} onClose={closeDialog} />
    case 'search':
      return <SaveSearchDialog search={open.search} onClose={closeDialog} />
    case 'move':
      return <MoveDialog selection={open.selection} onClose={closeDialog} />
  }
}
