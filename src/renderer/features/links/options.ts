/** How links are copied: what was chosen last time is offered again. */
import type { CallInput, LinkFormat } from '../../../shared/contract.ts'

export const FORMATS = ['id', 'url', 'markdown', 'html', 'bbcode', 'css', 'template'] as const satisfies readonly LinkFormat[]

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Seconds; null = never. */
const LIFETIMES = { m10: 10 * MINUTE, h1: HOUR, d1: DAY, d7: 7 * DAY, d30: 30 * DAY, y1: 365 * DAY, never: null } as const
type Fixed = keyof typeof LIFETIMES
export type Lifetime = Fixed | 'custom'
export const LIFETIME_CHOICES: readonly Lifetime[] = ['m10', 'h1', 'd1', 'd7', 'd30', 'y1', 'custom', 'never']

export const LIFETIME_UNITS = ['minutes', 'hours', 'days'] as const
export type LifetimeUnit = (typeof LIFETIME_UNITS)[number]
const UNIT_SECONDS: Record<LifetimeUnit, number> = { minutes: MINUTE, hours: HOUR, days: DAY }
const MOST_SECONDS = 3650 * DAY
/** The largest number of each unit. */
export const MOST_OF: Record<LifetimeUnit, number> = {
  minutes: MOST_SECONDS / MINUTE,
  hours: MOST_SECONDS / HOUR,
  days: MOST_SECONDS / DAY
}

export interface LinkChoice {
  format: LinkFormat
  downloadName: boolean
  signed: boolean
  lifetime: Lifetime
  /** For the lifetime 'custom'. */
  amount: number
  unit: LifetimeUnit
  template: string
  /** table: CSV with the facts beside the links. */
  output: 'text' | 'table'
}

export const FIRST_CHOICE: LinkChoice = {
  format: 'url',
  downloadName: false,
  signed: false,
  lifetime: 'd1',
  amount: 12,
  unit: 'hours',
  template: '{name}\t{url}',
  output: 'text'
}

/** What was remembered, as far as it is still understood. */
export function readChoice(stored: unknown): LinkChoice {
  if (typeof stored !== 'object' || stored === null) return FIRST_CHOICE
  const { format, downloadName, signed, lifetime, amount, unit: given, template, output } = stored as Record<string, unknown>
  const unit = LIFETIME_UNITS.find((each) => each === given) ?? FIRST_CHOICE.unit
  return {
    format: FORMATS.find((each) => each === format) ?? FIRST_CHOICE.format,
    downloadName: downloadName === true,
    signed: signed === true,
    lifetime: LIFETIME_CHOICES.find((each) => each === lifetime) ?? FIRST_CHOICE.lifetime,
    amount: typeof amount === 'number' && amount >= 1 && amount <= MOST_OF[unit] ? Math.round(amount) : FIRST_CHOICE.amount,
    unit,
    output: output === 'table' ? 'table' : 'text',
    template: typeof template === 'string' ? template.slice(0, 2000) : FIRST_CHOICE.template
  }
}

/** Whether an address is in the result at all: lists of IDs have none, templates only with {url}. */
export function hasAddress({ format, template, output }: LinkChoice): boolean {
  if (format === 'id' && output === 'table') return true
  return format === 'template' ? template.includes('{url}') : format !== 'id'
}

export function linkRequest(choice: LinkChoice): Omit<CallInput<'files.links'>, 'selection'> {
  const address = hasAddress(choice)
  return {
    format: choice.format,
    downloadName: address && choice.downloadName,
    signed: address && choice.signed,
    lifetimeSeconds: choice.lifetime === 'custom' ? choice.amount * UNIT_SECONDS[choice.unit] : LIFETIMES[choice.lifetime],
    table: choice.output === 'table',
    template: choice.template
  }
}
