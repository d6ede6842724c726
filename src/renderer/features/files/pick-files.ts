import type { Dropped } from '../../api/dropped-files.ts'
import { fromList } from '../../api/dropped-files.ts'

/**
 * The browser's own dialog for files or one folder. Resolves with none when it is cancelled. The input stays in the page while the
 * dialog is open, so that it can also be driven by tools.
 */
export function pickFiles(folder: boolean): Promise<Dropped> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    input.webkitdirectory = folder
    input.hidden = true
    input.dataset['testid'] = folder ? 'pick-folder-input' : 'pick-files-input'
    const done = (): void => {
      input.remove()
      resolve({ kind: 'files', files: fromList([...(input.files ?? [])]), unread: [] })
    }
    input.addEventListener('change', done)
    input.addEventListener('cancel', done)
    document.body.append(input)
    input.click()
  })
}
