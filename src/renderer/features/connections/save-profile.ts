import type { ProfileInput } from '../../../shared/contract.ts'
import type { Profile } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'

/** Saves a connection, and its token secret where that is new (null = unchanged, '' = remove). Rejects like both calls. */
export async function saveProfile(input: ProfileInput, tokenSecret: string | null): Promise<Profile | undefined> {
  const profiles = await call('profiles.save', input)
  // A new one comes last.
  const saved = input.id === undefined ? profiles.at(-1) : profiles.find(({ id }) => id === input.id)
  if (saved !== undefined && tokenSecret !== null) {
    await call('profiles.setToken', { id: saved.id, secret: tokenSecret === '' ? null : tokenSecret })
  }
  return saved
}
