/** Writes to the system's clipboard; without the clipboard API (no secure context) by a selected text field. */
import { AppError } from '../../shared/errors.ts'

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    return
  } catch {
    // Refused or not there: the old way still needs only a user's click.
  }
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'fixed opacity-0'
  document.body.append(field)
  field.select()
  // oxlint-disable-next-line typescript/no-deprecated -- the only way left at this point
  const done = document.execCommand('copy')
  field.remove()
  if (!done) throw new AppError('HOST_CANNOT', { detail: { call: 'clipboard' } })
}
