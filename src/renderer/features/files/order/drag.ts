/** Dragging files and folders inside the window: onto folders and tags of the sidebar. */
import type { DragEvent } from 'react'
import type { FileRow, FileSelection } from '../../../../shared/model.ts'
import { previewPath, previewType } from '../../../../shared/preview.ts'
import { call } from '../../../api/client.ts'
import { toastError } from '../../../components/index.ts'

export type Dragged = { type: 'files'; selection: FileSelection } | { type: 'folder'; path: string }

const TYPE = 'application/x-fdfs-library'
/** A drag has one source at a time; a selection of a million files does not fit into the event. */
let dragged: Dragged | null = null

/** `file`: what browsers can take out of the window, one at a time. */
export function startDrag(event: DragEvent, what: Dragged, file?: FileRow): void {
  dragged = what
  if (file !== undefined) {
    const name = file.name.replaceAll(/[:/\\\p{Cc}]/gu, '-')
    event.dataTransfer.setData('DownloadURL', `${previewType(file.ext)}:${name}:${location.origin}${previewPath(file)}`)
  }
  event.dataTransfer.setData(TYPE, what.type)
  event.dataTransfer.effectAllowed = 'copyMove'
}

export function endDrag(): void {
  dragged = null
}

/** What is dragged over this place, if it is ours. */
export function draggedOver(event: DragEvent): Dragged | null {
  return event.dataTransfer.types.includes(TYPE) ? dragged : null
}

/** '' is no folder: the top. */
export function canDropInto(what: Dragged | null, folder: string): what is Dragged {
  if (what === null) return false
  if (what.type === 'files') return true
  const parent = what.path.slice(0, Math.max(0, what.path.lastIndexOf('/')))
  return folder !== what.path && folder !== parent && !folder.startsWith(`${what.path}/`)
}

export function dropInto(what: Dragged, folder: string): void {
  const name = what.type === 'folder' ? what.path.slice(what.path.lastIndexOf('/') + 1) : ''
  const done =
    what.type === 'files'
      ? call('files.move', { selection: what.selection, folder })
      : call('order.moveFolder', { from: what.path, to: folder === '' ? name : `${folder}/${name}` })
  done.catch(toastError)
}

export function dropOnTag(what: Dragged, tag: string): void {
  if (what.type === 'files') call('order.tag', { selection: what.selection, add: [tag], remove: [] }).catch(toastError)
}
