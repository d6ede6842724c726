import { Copy, FileText, FolderOpen, GitCompare, Library, Link, Pause, Play, RotateCw, SignalHigh, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { BatchPriority, BatchView, TransferView } from '../../../shared/model.ts'
import { useInfo } from '../../app/app-info.ts'
import type { MenuEntry } from '../../components/index.ts'
import { errorDetails } from '../../components/index.ts'
import { useShowInLibrary } from '../files/index.ts'
import { control, copyIds, copyLinks, copyOne, copyRenamed, copyReport, prioritise, reveal } from './actions.ts'
import { ask } from './dialogs.ts'
import { isOver } from './store.ts'

const icon = {
  pause: <Pause size={14} aria-hidden="true" />,
  resume: <Play size={14} aria-hidden="true" />,
  cancel: <X size={14} aria-hidden="true" />,
  retry: <RotateCw size={14} aria-hidden="true" />,
  copy: <Copy size={14} aria-hidden="true" />,
  report: <FileText size={14} aria-hidden="true" />,
  library: <Library size={14} aria-hidden="true" />,
  folder: <FolderOpen size={14} aria-hidden="true" />,
  decide: <GitCompare size={14} aria-hidden="true" />,
  priority: <SignalHigh size={14} aria-hidden="true" />,
  links: <Link size={14} aria-hidden="true" />
}

const PRIORITIES = ['high', 'normal', 'low'] as const satisfies readonly BatchPriority[]

export interface BatchAction {
  id:
    | 'resume'
    | 'pause'
    | 'cancel'
    | 'retry'
    | 'report'
    | 'renamed'
    | 'ids'
    | 'links'
    | 'library'
    | 'folder'
    | 'path'
    | 'remove'
    | 'decide'
    | 'priority'
  label: string
  icon: (typeof icon)[keyof typeof icon]
  run: () => void
  /** Instead of running: what can be chosen. */
  items?: readonly MenuEntry[]
  /** The key that does it in the list. */
  shortcut?: string
}

/** What can be done with a batch in its present state, the most likely first. */
export function useBatchActions(): (batch: BatchView) => BatchAction[] {
  const { t } = useTranslation(['transfers', 'batches', 'conflicts'])
  const canReveal = useInfo((info) => info.host.reveal)
  const activeProfileId = useInfo((info) => info.activeProfileId)
  const showInLibrary = useShowInLibrary()
  return (batch) => {
    const { id: batchId, counts, finishedAt, target } = batch
    const good = counts.done + counts.skipped
    const actions: BatchAction[] = []
    if (finishedAt === null && batch.conflicts > 0) {
      actions.push({ id: 'decide', label: t('conflicts:decide'), icon: icon.decide, run: () => ask({ tag: 'conflicts', batchId }) })
    }
    if (finishedAt === null) {
      if (batch.paused)
        actions.push({ id: 'resume', label: t('action.resume'), icon: icon.resume, run: () => control({ action: 'resume', batchId }) })
      else actions.push({ id: 'pause', label: t('action.pause'), icon: icon.pause, run: () => control({ action: 'pause', batchId }) })
      actions.push({
        id: 'priority',
        label: t('batches:priority.title'),
        icon: icon.priority,
        run: () => undefined,
        items: PRIORITIES.map((priority) => ({
          type: 'check',
          label: t(`batches:priority.${priority}`),
          checked: batch.priority === priority,
          onChange: () => prioritise(batchId, priority)
        }))
      })
      actions.push({
        id: 'cancel',
        label: t('action.cancel'),
        icon: icon.cancel,
        shortcut: 'Delete',
        run: () => ask({ tag: 'cancelBatch', batchId })
      })
    }
    if (counts.failed > 0) {
      actions.push({ id: 'retry', label: t('action.retryFailed'), icon: icon.retry, run: () => control({ action: 'retry', batchId }) })
      actions.push({ id: 'report', label: t('action.copyReport'), icon: icon.report, run: () => copyReport(batch) })
    } else if (finishedAt !== null && batch.error !== null) {
      actions.push({ id: 'retry', label: t('action.retry'), icon: icon.retry, run: () => control({ action: 'retry', batchId }) })
    }
    if (finishedAt !== null && good > 0 && target !== null) {
      if (canReveal) actions.push({ id: 'folder', label: t('action.showInFolder'), icon: icon.folder, run: () => reveal(target) })
      else actions.push({ id: 'path', label: t('action.copyPath'), icon: icon.copy, run: () => copyOne(target, t('copied.path')) })
    }
    if (batch.renamed > 0) {
      actions.push({ id: 'renamed', label: t('action.copyRenamed'), icon: icon.report, run: () => copyRenamed(batch) })
    }
    if ((batch.kind === 'upload' || batch.kind === 'download') && counts.done > 0) {
      actions.push({ id: 'ids', label: t('action.copyIds'), icon: icon.copy, shortcut: 'Mod+C', run: () => copyIds(batch) })
    }
    if (batch.kind === 'upload' && counts.done > 0) {
      if (batch.profileId === activeProfileId) {
        actions.push({ id: 'links', label: t('batches:copyLinks'), icon: icon.links, run: () => copyLinks(batchId) })
        actions.push({ id: 'library', label: t('action.showInLibrary'), icon: icon.library, run: () => showInLibrary({ batchId }) })
      }
    }
    if (finishedAt !== null) {
      actions.push({
        id: 'remove',
        label: t('action.remove'),
        icon: icon.cancel,
        shortcut: 'Delete',
        run: () => control({ action: 'remove', batchId })
      })
    }
    return actions
  }
}

export function batchMenu(actions: readonly BatchAction[]): MenuEntry[] {
  return actions.map(({ label, icon: image, run, id, items, shortcut }) =>
    items === undefined
      ? { label, icon: image, onSelect: run, danger: id === 'cancel', ...(shortcut === undefined ? {} : { shortcut }) }
      : { type: 'menu', label, icon: image, items }
  )
}

export function useMemberMenu(): (transfer: TransferView) => MenuEntry[] {
  const { t } = useTranslation('transfers')
  const canReveal = useInfo((info) => info.host.reveal)
  return (transfer) => {
    const { id: transferId, tag, fileId, localPath, error } = transfer
    const entries: MenuEntry[] = []
    const over = isOver(tag)
    if (tag === 'paused')
      entries.push({ label: t('action.resume'), icon: icon.resume, onSelect: () => control({ action: 'resume', transferId }) })
    else if (!over) entries.push({ label: t('action.pause'), icon: icon.pause, onSelect: () => control({ action: 'pause', transferId }) })
    if (!over)
      entries.push({
        label: t('action.cancel'),
        icon: icon.cancel,
        shortcut: 'Delete',
        danger: true,
        onSelect: () => control({ action: 'cancel', transferId })
      })
    if (tag === 'waiting')
      entries.push({ label: t('action.tryNow'), icon: icon.retry, onSelect: () => control({ action: 'retry', transferId }) })
    if (tag === 'failed' || tag === 'cancelled')
      entries.push({ label: t('action.retry'), icon: icon.retry, onSelect: () => control({ action: 'retry', transferId }) })
    if (fileId !== null && (tag === 'done' || transfer.kind !== 'upload'))
      entries.push({ label: t('action.copyId'), icon: icon.copy, shortcut: 'Mod+C', onSelect: () => copyOne(fileId, t('copied.id')) })
    if (localPath !== null && (tag === 'done' || transfer.kind === 'upload')) {
      if (canReveal) entries.push({ label: t('action.showInFolder'), icon: icon.folder, onSelect: () => reveal(localPath) })
      entries.push({ label: t('action.copyPath'), icon: icon.copy, onSelect: () => copyOne(localPath, t('copied.path')) })
    }
    if (error !== null)
      entries.push({ label: t('action.copyDetails'), icon: icon.report, onSelect: () => copyOne(errorDetails(error), t('copied.details')) })
    return entries
  }
}
