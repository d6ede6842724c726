import { AppError } from '../../shared/errors.ts'

export type LinkFormat = 'id' | 'url' | 'markdown' | 'html'

const IMAGES = new Set(['jpg', 'jpeg', 'png', 'gif', 'webp', 'svg', 'avif', 'bmp', 'apng', 'ico'])

/**
 * One file as text for the clipboard. Everything but the ID needs the web address of the file's group (`httpBase`: group name →
 * base without slash at the end, '' = every other group); LINK_BASE_MISSING when there is none.
 */
export function formatLink(
  file: { fileId: string; group: string; name: string; ext: string },
  format: LinkFormat,
  httpBase: Readonly<Record<string, string>>
): string {
  if (format === 'id') return file.fileId
  const base = (Object.hasOwn(httpBase, file.group) ? httpBase[file.group] : undefined) ?? httpBase['']
  if (base === undefined) throw new AppError('LINK_BASE_MISSING', { detail: { group: file.group } })
  const url = `${base}/${file.fileId.split('/').map(encodeURIComponent).join('/')}`
  const image = IMAGES.has(file.ext.toLowerCase())
  switch (format) {
    case 'url':
      return url
    case 'markdown':
      return `${image ? '!' : ''}[${escapeMarkdown(file.name)}](${url.replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'))})`
    case 'html':
      return image
        ? `<img src="${escapeHtml(url)}" alt="${escapeHtml(file.name)}">`
        : `<a href="${escapeHtml(url)}">${escapeHtml(file.name)}</a>`
  }
}

/** Names come from other people's files: nothing in them may become markup. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~-]/g, (c) => `\\${c}`)
}
