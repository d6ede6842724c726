/** What `is:` and `kind:` understand, and which endings make an image, a video, a sound or a document. */
import type { FileKind } from '../model.ts'

export const KIND_VALUES = ['normal', 'appender', 'slave', 'trunk'] as const satisfies readonly FileKind[]
export const TYPE_VALUES = ['image', 'video', 'audio', 'document'] as const
export type TypeValue = (typeof TYPE_VALUES)[number]
export const STATE_VALUES = ['stored', 'syncing', 'missing', 'deleted'] as const
export const MARK_VALUES = ['favourite', 'duplicate', 'untagged'] as const
export const IS_VALUES = [...TYPE_VALUES, ...MARK_VALUES, ...STATE_VALUES, ...KIND_VALUES] as const
export type IsValue = (typeof IS_VALUES)[number]

const ALIASES: Readonly<Record<string, IsValue>> = {
  favorite: 'favourite',
  starred: 'favourite',
  star: 'favourite',
  duplicates: 'duplicate',
  present: 'stored',
  images: 'image',
  picture: 'image',
  videos: 'video',
  sound: 'audio',
  doc: 'document',
  图片: 'image',
  图像: 'image',
  视频: 'video',
  音频: 'audio',
  文档: 'document',
  收藏: 'favourite',
  重复: 'duplicate',
  无标签: 'untagged',
  已存储: 'stored',
  同步中: 'syncing',
  丢失: 'missing',
  缺失: 'missing',
  已删除: 'deleted',
  普通: 'normal',
  追加: 'appender',
  从文件: 'slave',
  小文件: 'trunk'
}

/** The value as the program calls it; null when there is none. */
export function isValue(text: string): IsValue | null {
  if ((IS_VALUES as readonly string[]).includes(text)) return text as IsValue
  return Object.hasOwn(ALIASES, text) ? (ALIASES[text] ?? null) : null
}

export function kindValue(text: string): FileKind | null {
  const value = isValue(text)
  return value !== null && (KIND_VALUES as readonly string[]).includes(value) ? (value as FileKind) : null
}

/** Endings by what people call such files. */
export const TYPE_EXTENSIONS: Readonly<Record<TypeValue, readonly string[]>> = {
  image: 'jpg jpeg jfif png apng gif webp avif bmp ico svg tif tiff heic heif psd psb ai eps tga jxl raw cr2 cr3 nef arw dng orf rw2'.split(
    ' '
  ),
  video: 'mp4 m4v mov webm mkv ogv avi wmv flv mpg mpeg m2ts mts 3gp rmvb'.split(' '),
  audio: 'mp3 wav flac ogg oga opus m4a aac wma aif aiff mid amr ape'.split(' '),
  document: 'pdf doc docx xls xlsx ppt pptx odt ods odp pages numbers key txt md rtf csv wps et dps'.split(' ')
}
