import { AppError } from '../../shared/errors.ts'
import type { Profile } from '../../shared/model.ts'

/** NOT_CONFIRMED when something is to be deleted in production and nobody agreed to it: the window alone does not decide. */
export function checkConfirmed({ environment, name }: Profile, confirmed: boolean): void {
  if (environment === 'production' && !confirmed) throw new AppError('NOT_CONFIRMED', { detail: { profile: name } })
}
