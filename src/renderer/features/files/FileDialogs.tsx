import { CopyAsDialog } from '../links/index.ts'
import { DeleteDialog, ForgetDialog } from './DeleteDialog.tsx'
import { closeDialog, useDialog } from './dialogs.ts'
import { DownloadDialog } from './DownloadDialog.tsx'
import { MoveDialog } from './MoveDialog.tsx'
import { PasteDialog } from './PasteDialog.tsx'
import { QuickPreview } from './preview/QuickPreview.tsx'
import { ZipDialog } from './ZipDialog.tsx'

/** The dialog that is open, if any. */
export function FileDialogs() {
  const open = useDialog((state) => state.open)
  switch (open?.type) {
    case undefined:
      return null
    case 'paste':
      return <PasteDialog initial={open.text} onClose={closeDialog} />
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
    case 'move':
      return <MoveDialog selection={open.selection} onClose={closeDialog} />
  }
}
