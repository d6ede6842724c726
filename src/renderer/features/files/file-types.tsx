import {
  File,
  FileArchive,
  FileAudio,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  FileType,
  FileVideo,
  Presentation
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'

export type FileClass = 'image' | 'video' | 'audio' | 'archive' | 'code' | 'sheet' | 'slides' | 'text' | 'font' | 'other'

const EXTENSIONS: Record<Exclude<FileClass, 'other'>, string> = {
  image: 'jpg jpeg png gif webp avif svg bmp tif tiff heic heif psd ai eps raw cr2 nef arw dng ico sketch fig xd',
  video: 'mp4 mov mkv avi webm m4v wmv flv mpg mpeg ts 3gp prproj aep',
  audio: 'mp3 wav flac aac ogg m4a wma opus aiff mid',
  archive: 'zip rar 7z tar gz tgz bz2 xz zst iso dmg jar apk',
  code: 'js ts tsx jsx json html htm css scss xml yml yaml toml py java c h cpp go rs php rb sh sql vue',
  sheet: 'xls xlsx csv tsv ods numbers',
  slides: 'ppt pptx odp key',
  text: 'txt md pdf doc docx rtf odt pages log epub tex',
  font: 'ttf otf woff woff2 ttc'
}
const CLASS_OF = new Map(
  Object.entries(EXTENSIONS).flatMap(([type, list]) => list.split(' ').map((ext): [string, FileClass] => [ext, type as FileClass]))
)

export function fileClass(ext: string): FileClass {
  return CLASS_OF.get(ext.toLowerCase()) ?? 'other'
}

const ICONS: Record<FileClass, LucideIcon> = {
  image: FileImage,
  video: FileVideo,
  audio: FileAudio,
  archive: FileArchive,
  code: FileCode,
  sheet: FileSpreadsheet,
  slides: Presentation,
  text: FileText,
  font: FileType,
  other: File
}

export function FileIcon({
  ext,
  size = 16,
  className,
  strokeWidth = 1.75
}: {
  ext: string
  size?: number
  className?: string
  strokeWidth?: number
}) {
  const Icon = ICONS[fileClass(ext)]
  return <Icon size={size} strokeWidth={strokeWidth} {...(className === undefined ? {} : { className })} aria-hidden="true" />
}
