import { client } from '../../api/client.ts'
import { spoolFiles } from '../../api/spool.ts'
import { AppError, fromErrorData } from '../../../shared/errors.ts'
import { pickFiles } from '../files/pick-files.ts'

/**
 * Paths of what the user chooses; [] when nothing was. A page cannot tell paths: it sends the files to the program first
 * (`progress`: 0–1).
 */
export async function pickPaths(
  native: boolean,
  folder: boolean,
  wanted: (name: string) => boolean,
  progress: (share: number) => void,
  signal: AbortSignal
): Promise<string[]> {
  if (native) return client().call('host.pickFiles', { folders: folder })
  const picked = await pickFiles(folder)
  const files = picked.kind === 'files' ? picked.files.filter(({ path }) => !folder || wanted(path)) : []
  if (files.length === 0) {
    if (folder && picked.kind === 'files' && picked.files.length > 0) throw new AppError('BINLOG_NONE')
    return []
  }
  const total = files.reduce((sum, { file }) => sum + file.size, 0) || 1
  const { paths, failures } = await spoolFiles(files, ({ doneBytes }) => progress(doneBytes / total), signal)
  if (failures[0]) throw fromErrorData(failures[0].error)
  return paths
}
