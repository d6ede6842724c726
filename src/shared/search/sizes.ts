/** Sizes in the search box: `10mb`, `>1.5g`, `100k..2m`. 1 KB is 1024 bytes, as everywhere in the window. */

/** Bytes, both included. */
export interface SizeRange {
  min: number
  max: number
}

const UNITS = ['b', 'k', 'm', 'g', 't'] as const
const SIZE = /^(\d{1,15}(?:\.\d{1,3})?)(b|[kmgt]i?b?)?$/

interface Amount {
  bytes: number
  /** Half of the last digit typed: what is shown as 10 MB is between 9.5 and 10.5. */
  half: number
}

function amount(text: string): Amount | null {
  const match = SIZE.exec(text)
  if (match === null) return null
  const [, digits = '', unit = 'b'] = match
  const factor = 1024 ** UNITS.indexOf(unit[0] as (typeof UNITS)[number])
  const decimals = digits.includes('.') ? digits.length - digits.indexOf('.') - 1 : 0
  const bytes = Number(digits) * factor
  if (!Number.isSafeInteger(Math.ceil(bytes))) return null
  return { bytes, half: factor === 1 ? 0 : (factor * 10 ** -decimals) / 2 }
}

/** null when the text is no size. A size alone means all that are shown with that number. */
export function sizeRange(text: string): SizeRange | null {
  const all = { min: 0, max: Number.MAX_SAFE_INTEGER }
  const dots = text.indexOf('..')
  if (dots >= 0) {
    const [from, to] = [text.slice(0, dots), text.slice(dots + 2)]
    if (from === '' && to === '') return null
    const low = from === '' ? null : amount(from)
    const high = to === '' ? null : amount(to)
    if ((from !== '' && low === null) || (to !== '' && high === null)) return null
    return { min: low === null ? all.min : Math.ceil(low.bytes), max: high === null ? all.max : Math.floor(high.bytes) }
  }
  const [, operator = '', rest = ''] = /^(>=|<=|>|<|=)?(.*)$/s.exec(text) ?? []
  const size = amount(rest)
  if (size === null) return null
  switch (operator) {
    case '>':
      return { ...all, min: Math.floor(size.bytes) + 1 }
    case '>=':
      return { ...all, min: Math.ceil(size.bytes) }
    case '<':
      return { ...all, max: Math.ceil(size.bytes) - 1 }
    case '<=':
      return { ...all, max: Math.floor(size.bytes) }
    default:
      return { min: Math.max(0, Math.ceil(size.bytes - size.half)), max: Math.ceil(size.bytes + size.half) - (size.half === 0 ? 0 : 1) }
  }
}
