import { AppError, toAppError } from '../../shared/errors.ts'
import { localError } from '../client/local-error.ts'

/** An error of the file system as a code of the table; any other error as it is. */
function translate(error: unknown, path: string): AppError {
  const errno = (error as NodeJS.ErrnoException | null)?.code
  return typeof errno === 'string' && /^E[A-Z0-9]+$/.test(errno) ? localError(error, path) : toAppError(error)
}

/** Runs something that touches the file system; its errors come out as LOCAL_* with the path. */
export async function onDisk<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw translate(error, path)
  }
}

/** The same for synchronous calls. */
export function onDiskSync<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw translate(error, path)
  }
}
