/** Pictures from the clipboard are files without a place, a name and sometimes without a format that others know. */

/** What browsers call a picture that was copied, not a file. */
const UNNAMED = /^image\.(png|jpe?g|bmp|gif|webp|tiff?)$/i

export function isCopiedPicture(file: File): boolean {
  return file.type.startsWith('image/') && UNNAMED.test(file.name)
}

/** As a PNG with a name of its own. What cannot be read as a picture stays as it is. */
export async function asPng(file: File, name: string): Promise<File> {
  if (file.type === 'image/png') return new File([file], `${name}.png`, { type: 'image/png', lastModified: file.lastModified })
  try {
    const picture = await createImageBitmap(file)
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    canvas.getContext('2d')?.drawImage(picture, 0, 0)
    picture.close()
    return new File([await canvas.convertToBlob({ type: 'image/png' })], `${name}.png`, { type: 'image/png' })
  } catch {
    return file
  }
}

export function base64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      const text = typeof reader.result === 'string' ? reader.result : ''
      resolve(text.slice(text.indexOf(',') + 1))
    })
    reader.addEventListener('error', () => reject(reader.error))
    reader.readAsDataURL(file)
  })
}
