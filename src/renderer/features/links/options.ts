/** How links are copied: what was chosen last time is offered again. */
import type { CallInput, LinkFormat } from '../../../shared/contract.ts'

export const FORMATS = ['id', 'url', 'markdown', 'html', 'bbcode', 'css', 'template'] as const satisfies readonly LinkFormat[]

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Seconds; null = never. */
const LIFETIMES = { m10: 10 * MINUTE, h1: HOUR, d1: DAY, d7: 7 * DAY, d30: 30 * DAY, y1: 365 * DAY, never: null } as const
export type Lifetime = keyof typeof LIFETIMES
export const LIFETIME_CHOICES = Object.keys(LIFETIMES) as Lifetime[]

export interface LinkChoice {
  format: LinkFormat
  downloadName: boolean
  signed: boolean
  lifetime: Lifetime
  template: string
}

export const FIRST_CHOICE: LinkChoice = { format: 'url', downloadName: false, signed: false, lifetime: 'd1', template: '{name}\t{url}' }

/** What was remembered, as far as it is still understood. */
export function readChoice(stored: unknown): LinkChoice {
  if (typeof stored !== 'object' || stored === null) return FIRST_CHOICE
  const { format, downloadName, signed, lifetime, template } = stored as Record<string, unknown>
  return {
    format: FORMATS.find((each) => each === format) ?? FIRST_CHOICE.format,
    downloadName: downloadName === true,
    signed: signed === true,
    lifetime: LIFETIME_CHOICES.find((each) => each === lifetime) ?? FIRST_CHOICE.lifetime,
    template: typeof template === 'string' ? template.slice(0, 2000) : FIRST_CHOICE.template
  }
}

/** Whether an address is in the result at all: IDs have none, templates only with {url}. */
export function hasAddress({ format, template }: LinkChoice): boolean {
  return format === 'template' ? template.includes('{url}') : format !== 'id'
}

export function linkRequest(choice: LinkChoice): Omit<CallInput<'files.links'>, 'selection'> {
  const address = hasAddress(choice)
  return {
    format: choice.format,
    downloadName: address && choice.downloadName,
    signed: address && choice.signed,
    lifetimeSeconds: LIFETIMES[choice.lifetime],
    template: choice.template
  }
}
