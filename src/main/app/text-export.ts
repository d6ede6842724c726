import { writeFile } from 'node:fs/promises'
import type { TextExport } from '../../shared/contract.ts'
import type { Host } from './host.ts'
import { localError } from './local-errors.ts'

/** Lets the user choose where a text goes; a host without dialogs hands it to the page, which saves it its own way. */
export async function exportText(host: Host, name: string, text: string): Promise<TextExport> {
  if (!host.can.pickFiles) return { tag: 'text', name, text }
  const path = await host.pickSave({ name })
  if (path === null) return { tag: 'cancelled' }
  try {
    await writeFile(path, text, { mode: 0o600 })
  } catch (error) {
    throw localError(error, path)
  }
  return { tag: 'saved', path }
}
