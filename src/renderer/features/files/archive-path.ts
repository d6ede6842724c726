/** Names and places of archives. Pure. */

/** 'files-2026-11-22.zip', or the name of what is shown. */
export function archiveName(base: string, now: Date): string {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be in a name
  const safe = base.replace(/[\\/:*?"<>|\u0000-\u001f]/g, ' ').trim()
  return `${safe === '' ? 'files' : safe}-${day}.zip`
}

export function withZipExtension(name: string): string {
  return /\.zip$/i.test(name) ? name : `${name}.zip`
}

export function joinPath(folder: string, name: string, platform: string): string {
  const separator = platform === 'win32' ? '\\' : '/'
  return folder.endsWith(separator) || folder.endsWith('/') ? `${folder}${name}` : `${folder}${separator}${name}`
}

/** A name that stays in its folder. */
export function isPlainName(name: string): boolean {
  return name.trim() !== '' && !/[\\/]/.test(name) && name !== '.' && name !== '..'
}
