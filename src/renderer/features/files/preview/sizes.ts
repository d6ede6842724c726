import { THUMBNAIL_SIZE } from '../../../../shared/preview.ts'

/** Sizes as people write them ('150x150, 400×300'); null: not all of them are sizes. */
export function parseSizes(text: string): string[] | null {
  const parts = text.split(/[\s,;，、；]+/).filter((part) => part !== '')
  const sizes = [...new Set(parts.map((part) => part.toLowerCase().replaceAll(/[×*]/g, 'x')))]
  return sizes.length <= 4 && sizes.every((size) => THUMBNAIL_SIZE.test(size)) ? sizes : null
}
