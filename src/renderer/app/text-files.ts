/** Small text files that the user chooses or gets, by the page's own means. */
import { AppError } from '../../shared/errors.ts'

const MAX_BYTES = 4_000_000

export interface TextFile {
  name: string
  text: string
}

/** The browser's dialog; [] when it is cancelled. Rejects with INPUT_INVALID for files that are too big to be meant. */
export function pickTextFiles(accept: string): Promise<TextFile[]> {
  return new Promise((resolve, reject) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    input.accept = accept
    input.hidden = true
    const done = (): void => {
      input.remove()
      const files = [...(input.files ?? [])]
      const big = files.find((file) => file.size > MAX_BYTES)
      if (big) reject(new AppError('INPUT_INVALID', { detail: { field: big.name, reason: `${big.size} > ${MAX_BYTES}` } }))
      else Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() }))).then(resolve, reject)
    }
    input.addEventListener('change', done)
    input.addEventListener('cancel', done)
    document.body.append(input)
    input.click()
  })
}

/** Hands a text to the browser as a download. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser fetches it after the click.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
