import { AppError } from '../../shared/errors.ts'
import type { LinkFormat } from '../../shared/contract.ts'
import type { Metadata } from '../../shared/model.ts'
import { antiStealToken } from './anti-steal.ts'

/** What a link is made of. */
export interface LinkedFile {
  fileId: string
  group: string
  name: string
  ext: string
  sizeBytes: number | null
  folder: string
  metadata: Metadata | null
}

export interface LinkOptions {
  format: LinkFormat
  /** Group name → base without slash at the end, '' = every other group. */
  httpBase: Readonly<Record<string, string>>
  /** false: addresses begin behind the group (see `Profile.groupInLinks`). */
  groupInLinks?: boolean | undefined
  /** Let browsers save the file under its name in the library (`filename=`). */
  downloadName?: boolean | undefined
  /** Signs the address (see `antiStealToken`); the time stamp depends on the clock of the web server behind a base. */
  token?: { secret: string; tsSeconds(base: string): number } | undefined
  /** For the format 'template': text with {url} {id} {name} {ext} {group} {folder} {size} {width} {height} {meta.KEY}. */
  template?: string | undefined
}

const IMAGES = new Set(['jpg', 'jpeg', 'png', 'gif', 'webp', 'svg', 'avif', 'bmp', 'apng', 'ico'])

/**
 * One file as text for the clipboard. Everything but the ID (and templates without {url}) needs the web address of the file's
 * group: LINK_BASE_MISSING when there is none. LINK_NAME_INVALID for a name that must not stand in a download name.
 */
export function formatLink(file: LinkedFile, options: LinkOptions): string {
  const { format } = options
  if (format === 'id') return file.fileId
  if (format === 'template') return fillTemplate(file, options)
  const url = fileUrl(file, options)
  const image = IMAGES.has(file.ext.toLowerCase())
  switch (format) {
    case 'url':
      return url
    case 'markdown':
      return `${image ? '!' : ''}[${escapeMarkdown(file.name)}](${url.replace(/[()]/g, percent)})`
    case 'html':
      return image
        ? `<img src="${escapeHtml(url)}" alt="${escapeHtml(file.name)}">`
        : `<a href="${escapeHtml(url)}">${escapeHtml(file.name)}</a>`
    case 'bbcode': {
      const address = url.replace(/[[\]]/g, percent)
      return image ? `[img]${address}[/img]` : `[url=${address}]${escapeBbcode(file.name)}[/url]`
    }
    case 'css':
      return `url("${url.replace(/["\\\r\n]/g, percent)}")`
  }
}

/** The beginning of the addresses of a group's files; undefined = it has none. */
export function baseOf(httpBase: Readonly<Record<string, string>>, group: string): string | undefined {
  return (Object.hasOwn(httpBase, group) ? httpBase[group] : undefined) ?? httpBase['']
}

/** The address of a file on the web server of its group. */
function fileUrl(file: LinkedFile, { httpBase, groupInLinks = true, downloadName, token }: LinkOptions): string {
  const base = baseOf(httpBase, file.group)
  if (base === undefined) throw new AppError('LINK_BASE_MISSING', { detail: { group: file.group } })
  const path = groupInLinks ? file.fileId : file.fileId.slice(file.fileId.indexOf('/') + 1)
  let url = `${base}/${path.split('/').map(encodeURIComponent).join('/')}`
  if (token) {
    const tsSeconds = token.tsSeconds(base)
    url += `?token=${antiStealToken(file.fileId, token.secret, tsSeconds)}&ts=${tsSeconds}`
  }
  if (!downloadName) return url
  url += `${token ? '&' : '?'}filename=`
  return url + encodeDownloadName(file.name, MAX_ADDRESS - (url.length - new URL(url).origin.length))
}

/**
 * Up to version 1.24 the module has 128 bytes for the header `attachment; filename="…"`, the end of the text included, and cuts what
 * is longer: quote, extension, the middle of a character.
 */
const MAX_NAME_BYTES = 104
/** The module refuses longer addresses (path and query, as they stand in the request) with status 400. */
const MAX_ADDRESS = 510
const MORE = '…'

/**
 * A name as value of `filename=`, with room for so many characters. The module writes the decoded text into a header as it is: quotes
 * and control characters, which would end the name or begin another header, are refused. A name that it has no room for is shortened
 * before its extension.
 */
function encodeDownloadName(name: string, room: number): string {
  // oxlint-disable-next-line no-control-regex -- exactly these are meant
  if (name === '' || /["\u0000-\u001f\u007f]/.test(name)) throw new AppError('LINK_NAME_INVALID', { detail: { name: name.slice(0, 200) } })
  // Half a surrogate pair has no UTF-8 form.
  const whole = name.toWellFormed()
  const [, stem = whole, ext = ''] = /^(.+?)(\.[^.]{1,16})?$/su.exec(whole) ?? []
  const fits = (text: string): boolean => Buffer.byteLength(text) <= MAX_NAME_BYTES && encoded(text).length <= room
  if (fits(whole)) return encoded(whole)
  const characters = [...new Intl.Segmenter().segment(stem)].map(({ segment }) => segment)
  let kept = Math.min(characters.length - 1, MAX_NAME_BYTES)
  const shortened = (): string => characters.slice(0, kept).join('').trimEnd() + MORE + ext
  while (kept > 1 && !fits(shortened())) kept -= 1
  return encoded(shortened())
}

/** What `encodeURIComponent` leaves as it is would end a Markdown or CSS link. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/['()*!]/g, percent)
}

/** Whether what is asked for stands in the metadata of files. */
export function wantsMetadata({ format, template = '' }: Pick<LinkOptions, 'format' | 'template'>): boolean {
  return format === 'template' && /\{(meta\.[^{}]{1,64}|width|height)\}/.test(template)
}

/** Placeholders that mean nothing stay as they are: the preview shows them. */
function fillTemplate(file: LinkedFile, options: LinkOptions): string {
  const values: Record<string, () => string> = {
    url: () => fileUrl(file, options),
    id: () => file.fileId,
    name: () => file.name,
    ext: () => file.ext,
    group: () => file.group,
    folder: () => file.folder,
    size: () => (file.sizeBytes === null ? '' : String(file.sizeBytes)),
    width: () => pixels(file.metadata, 'width'),
    height: () => pixels(file.metadata, 'height')
  }
  return (options.template ?? '').replace(/\{(meta\.[^{}]{1,64}|[a-z]+)\}/g, (whole, key: string) => {
    if (!key.startsWith('meta.')) return Object.hasOwn(values, key) ? (values[key]?.() ?? whole) : whole
    const name = key.slice('meta.'.length)
    return file.metadata !== null && Object.hasOwn(file.metadata, name) ? (file.metadata[name] ?? '') : ''
  })
}

/** A number of pixels from the metadata, whatever the case of its key; '' for none, and for what is no number. */
function pixels(metadata: Metadata | null, name: string): string {
  const [, value = ''] = Object.entries(metadata ?? {}).find(([key]) => key.toLowerCase() === name) ?? []
  return /^\d{1,6}$/.test(value.trim()) ? value.trim() : ''
}

function percent(c: string): string {
  return `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** Names come from other people's files: nothing in them may become markup. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~-]/g, (c) => `\\${c}`)
}

/** BBCode has no way to escape: brackets become their full-width look-alikes. */
function escapeBbcode(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[[\]]/g, (c) => (c === '[' ? '\uff3b' : '\uff3d'))
}
