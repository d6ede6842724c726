/**
 * What can be shown of a file without another program, by its extension. The table is closed: a type that is not in it is sent as
 * plain bytes, so nothing that a browser would run (HTML, SVG, scripts) is ever served under its own type.
 */

/** svg and text are read by the page itself; binary is shown as bytes. */
export type PreviewKind = 'image' | 'svg' | 'video' | 'audio' | 'pdf' | 'text' | 'binary'

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
  pdf: 'application/pdf'
}

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
