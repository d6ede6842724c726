import { z } from 'zod'
import { ProfileInputSchema } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import type { Profile } from '../../shared/model.ts'
import type { ParsedProfile } from './profiles.ts'

const FORMAT = 'fastdfs-desktop/connections'
const MAX_PROFILES = 200

const FileSchema = z.looseObject({
  format: z.literal(FORMAT),
  connections: z.array(ProfileInputSchema.omit({ id: true })).max(MAX_PROFILES)
})

/** Connections as a file for others: how clusters are reached and named, never a secret. The built-in one is left out. */
export function writeProfileFile(profiles: readonly Profile[]): string {
  const connections = profiles.filter(({ builtIn }) => !builtIn).map(({ id: _id, builtIn: _builtIn, ...rest }) => rest)
  return `${JSON.stringify({ format: FORMAT, connections }, null, 2)}\n`
}

/** Reads what `writeProfileFile` wrote. Throws INPUT_INVALID (field 'file') for anything else. */
export function readProfileFile(text: string): ParsedProfile[] {
  try {
    return FileSchema.parse(JSON.parse(text.replace(/^\ufeff/, ''))).connections
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined
    const reason = issue ? `${issue.path.map(String).join('.')}: ${issue.message}` : error instanceof Error ? error.message : ''
    throw new AppError('INPUT_INVALID', { cause: error, detail: { field: 'file', reason: reason.slice(0, 300) } })
  }
}
