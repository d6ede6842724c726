/** Sizes are stored in bytes and entered in MB. */
const MB = 1_048_576

export interface Range {
  min: number
  max: number
}

/** Megabytes with at most two decimals, as they are shown. */
export function toMegabytes(bytes: number): number {
  return Math.round((bytes / MB) * 100) / 100
}

export function fromMegabytes(megabytes: number): number {
  return Math.round(megabytes * MB)
}

/** null = may be saved. */
export function problemOf(value: number | null, { min, max }: Range): 'required' | 'range' | null {
  if (value === null || Number.isNaN(value)) return 'required'
  return value < min || value > max ? 'range' : null
}

/** Whether a text can be a folder of this computer: '' (the default), '/…', 'C:\…' or '\\server\…'. */
export function isAbsolutePath(text: string): boolean {
  return text === '' || text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text) || text.startsWith('\\\\')
}
