/** The one translation of file-system errors, for the hosts too, which reach the lower rooms through this one only. */
export { localError } from '../client/local-error.ts'
