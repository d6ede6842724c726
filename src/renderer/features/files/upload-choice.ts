/** The choices of the upload sheet that are to be made again, kept for each connection: groups and folders belong to one cluster. */
import { recall, remember } from '../../app/layout.ts'
import type { UploadChoice } from './intake.ts'

function isChoice(value: unknown): value is UploadChoice {
  if (typeof value !== 'object' || value === null) return false
  const { group, folder, metadata, duplicates } = value as Record<string, unknown>
  const texts = typeof metadata === 'object' && metadata !== null && Object.values(metadata).every((text) => typeof text === 'string')
  return (
    (group === null || typeof group === 'string') && typeof folder === 'string' && texts && (duplicates === 'send' || duplicates === 'skip')
  )
}

const keyOf = (profileId: string): string => `upload.${profileId}`

export function rememberedChoice(profileId: string): UploadChoice | null {
  return recall(keyOf(profileId), isChoice) ?? null
}

/** null forgets. */
export function rememberChoice(profileId: string, choice: UploadChoice | null): void {
  remember(keyOf(profileId), choice)
}
