import { AppError } from '../../shared/errors.ts'

/** 'a/b' without slashes at the ends, without empty, '.' or '..' parts. INPUT_INVALID for the latter. */
export function checkFolder(folder: string): string {
  const parts = folder
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.some((part) => part === '.' || part === '..'))
    throw new AppError('INPUT_INVALID', { detail: { field: 'folder', reason: folder } })
  return parts.join('/')
}
