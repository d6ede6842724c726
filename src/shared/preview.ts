/**
 * What can be shown of a file without another program, by its extension. The table is closed: a type that is not in it is sent as
 * plain bytes, so nothing that a browser would run (HTML, SVG, scripts) is ever served under its own type.
 */

/** svg, text, psd and tiff are read by the page itself; heic is for few browsers; binary is shown as bytes. */
export type PreviewKind = 'image' | 'svg' | 'psd' | 'tiff' | 'heic' | 'video' | 'audio' | 'pdf' | 'text' | 'binary'

const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jfif: 'image/jpeg',
  png: 'image/png',
  apng: 'image/apng',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  // What cameras and phones write into it is what MP4 holds; under its own name browsers refuse it unseen.
  mov: 'video/mp4',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  ogv: 'video/ogg',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  pdf: 'application/pdf',
  ai: 'application/pdf',
  heic: 'image/heic',
  heif: 'image/heif'
}

/** Pictures that no browser (or not every one) shows. */
const PICTURES: Readonly<Record<string, PreviewKind>> = { psd: 'psd', psb: 'psd', tif: 'tiff', tiff: 'tiff', heic: 'heic', heif: 'heic' }

const TEXT = new Set(
  (
    'txt md markdown log csv tsv json jsonc xml yml yaml toml ini cfg conf env properties html htm css scss less js mjs cjs ts tsx jsx vue ' +
    'py rb php java kt c h cpp hpp cs go rs swift sh bash bat ps1 sql lua pl r srt vtt ass tex rtf gitignore diff patch'
  ).split(' ')
)

/** The type under which a preview is sent; anything unknown is plain bytes. */
export function previewType(ext: string): string {
  const known = ext.toLowerCase()
  return Object.hasOwn(TYPES, known) ? (TYPES[known] as string) : 'application/octet-stream'
}

export function previewKind(ext: string): PreviewKind {
  const lower = ext.toLowerCase()
  if (lower === 'svg') return 'svg'
  if (Object.hasOwn(PICTURES, lower)) return PICTURES[lower] as PreviewKind
  if (TEXT.has(lower)) return 'text'
  const type = previewType(lower)
  if (type === 'application/pdf') return 'pdf'
  const [family] = type.split('/')
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'binary'
}

/** Address of a preview, relative to the page: the file ID goes along, so that an address never means another file. */
export function previewPath(file: { id: number; fileId: string }): string {
  return `/preview/${file.id}?file=${encodeURIComponent(file.fileId)}`
}

/** Address of a small picture of a file: kept on this computer, or stored beside the file as its slave. Empty where there is none. */
export function smallPicturePath(file: { id: number; fileId: string }): string {
  return `/preview/${file.id}/small?file=${encodeURIComponent(file.fileId)}`
}

/** Whether small pictures of such files can be made (of an SVG none are needed). */
export function hasSmallPicture(ext: string): boolean {
  const kind = previewKind(ext)
  return kind === 'image' || kind === 'psd' || kind === 'tiff' || kind === 'video'
}

/** Longest sides of a small picture: '150x150'. */
export const THUMBNAIL_SIZE = /^([1-9]\d{1,3})x([1-9]\d{1,3})$/

/** The type of small pictures of a file: that of the file where browsers can write it, else JPEG. */
export function smallPictureExt(ext: string): string {
  const lower = ext.toLowerCase()
  return ['jpg', 'jpeg', 'png', 'webp'].includes(lower) ? ext : 'jpg'
}
