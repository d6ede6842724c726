/** The choices of the upload sheet that are to be made again, kept for each connection: groups and folders belong to one cluster. */
import { recall, remember } from '../../app/layout.ts'
import type { UploadChoice } from './intake.ts'

const isText = (value: unknown): value is string => typeof value === 'string'

function isChoice(value: unknown): value is Partial<UploadChoice> {
  if (typeof value !== 'object' || value === null) return false
  const { group, folder, metadata, duplicates, tags = [], naming = '', thumbnails = false } = value as Record<string, unknown>
  const texts = typeof metadata === 'object' && metadata !== null && Object.values(metadata).every(isText)
  const order = Array.isArray(tags) && tags.every(isText) && isText(naming) && typeof thumbnails === 'boolean'
  return (group === null || isText(group)) && isText(folder) && texts && order && (duplicates === 'send' || duplicates === 'skip')
}

const keyOf = (profileId: string): string => `upload.${profileId}`

export function rememberedChoice(profileId: string): UploadChoice | null {
  const found = recall(keyOf(profileId), isChoice)
  if (found === undefined) return null
  const usual: UploadChoice = { group: null, folder: '', metadata: {}, duplicates: 'send', tags: [], naming: '', thumbnails: false }
  return { ...usual, ...found }
}

/** null forgets. */
export function rememberChoice(profileId: string, choice: UploadChoice | null): void {
  remember(keyOf(profileId), choice)
}
