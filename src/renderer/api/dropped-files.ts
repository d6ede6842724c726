/** What was dropped, picked or pasted: paths where the host can tell them, else the files themselves with the folders they were in. */
import { AppError } from '../../shared/errors.ts'
import { call } from './client.ts'
import { asPng, base64, isCopiedPicture } from './pasted-picture.ts'
import type { SpoolFile } from './spool.ts'

export type Dropped = { kind: 'paths'; paths: string[] } | { kind: 'files'; files: SpoolFile[]; unread: string[] }

/**
 * `pathForFile` is the host's (Electron). Must be called within the drop event: the list of items is gone afterwards.
 * `unread` names folders and files that the browser could not open.
 */
export function readDrop(
  data: DataTransfer,
  pathForFile: ((file: File) => string) | null,
  /** Of a clipboard: what a picture that was copied is called, without an ending. */
  pictureName?: string
): Promise<Dropped> {
  const copied = [...data.files].filter((file) => isCopiedPicture(file) && (pathForFile?.(file) ?? '') === '')
  if (pictureName !== undefined && copied.length > 0 && copied.length === data.files.length) {
    return readPictures(copied, pictureName, pathForFile !== null)
  }
  if (pathForFile !== null) {
    const paths = [...data.files].map(pathForFile).filter((path) => path !== '')
    const [first] = data.files
    if (paths.length === 0 && first) return Promise.reject(new AppError('LOCAL_NOT_A_FILE', { detail: { name: first.name } }))
    return Promise.resolve({ kind: 'paths', paths })
  }
  const entries = [...data.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null
    return entry === null ? [] : [entry]
  })
  if (entries.length === 0) return Promise.resolve({ kind: 'files', files: fromList([...data.files]), unread: [] })
  return readEntries(entries)
}

/** Where the program takes paths, it keeps the pictures until they are sent. */
async function readPictures(copied: readonly File[], name: string, native: boolean): Promise<Dropped> {
  const files = await Promise.all(copied.map((file, index) => asPng(file, index === 0 ? name : `${name} ${index + 1}`)))
  if (!native) return { kind: 'files', files: fromList(files), unread: [] }
  const kept = await Promise.all(files.map(async (file) => call('intake.keep', { name: file.name, content: await base64(file) })))
  return { kind: 'paths', paths: kept.map(({ path }) => path) }
}

/** Files of an input element; with `webkitdirectory` they carry their folder. */
export function fromList(files: readonly File[]): SpoolFile[] {
  return files.map((file) => ({ file, path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath }))
}

async function readEntries(entries: readonly FileSystemEntry[]): Promise<Dropped> {
  const files: SpoolFile[] = []
  const unread: string[] = []
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    const path = entry.fullPath.replace(/^\/+/, '')
    try {
      if (entry.isFile) {
        files.push({ file: await fileOf(entry as FileSystemFileEntry), path })
        return
      }
      const children = await childrenOf(entry as FileSystemDirectoryEntry)
      for (const child of children) await visit(child)
    } catch {
      // Named in the sheet before anything is sent.
      unread.push(path)
    }
  }
  for (const entry of entries) await visit(entry)
  return { kind: 'files', files, unread }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** A browser hands over a folder in portions of 100. */
async function childrenOf(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}
