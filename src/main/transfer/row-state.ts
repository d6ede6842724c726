import { assertNever } from '../../shared/errors.ts'
import type { TransferRecord } from '../library/types.ts'
import type { MachineState } from './machine.ts'
import type { PatchFields } from './operation.ts'

/** The state of a row that is not running here. */
export function stateOf(record: TransferRecord): MachineState {
  const error = record.error ?? { code: 'INTERNAL' as const, message: 'INTERNAL' }
  switch (record.tag) {
    case 'queued':
    // A row that was running when the program ended.
    case 'running':
      return { tag: 'queued', attempt: record.attempt }
    case 'waiting':
      return { tag: 'waiting', attempt: record.attempt, until: record.retryAt ?? 0, error }
    case 'paused':
      return { tag: 'paused', attempt: record.attempt, error: record.error }
    case 'done':
      return { tag: 'done' }
    case 'failed':
      return { tag: 'failed', error }
    case 'skipped':
      return { tag: 'skipped', error: record.error }
    case 'cancelled':
      return { tag: 'cancelled' }
    default:
      return assertNever(record.tag)
  }
}

/** The columns of a state. */
export function columns(state: MachineState): PatchFields {
  switch (state.tag) {
    case 'queued':
      return { tag: 'queued', step: null, attempt: state.attempt, retryAt: null, error: null }
    case 'paused':
      return { tag: 'paused', step: null, attempt: state.attempt, retryAt: null, error: state.error }
    case 'running':
      return { tag: 'running', step: state.step, retryAt: null, error: null }
    case 'waiting':
      return { tag: 'waiting', step: null, attempt: state.attempt, retryAt: state.until, error: state.error }
    case 'failed':
      // The user may try again, with all tries.
      return { tag: 'failed', step: null, attempt: 0, retryAt: null, error: state.error }
    case 'skipped':
      return { tag: 'skipped', step: null, retryAt: null, error: state.error }
    case 'done':
    case 'cancelled':
      return { tag: state.tag, step: null, retryAt: null, error: null }
    default:
      return assertNever(state)
  }
}

/** Held until the user decides. */
export function isHeld(record: Pick<TransferRecord, 'tag' | 'error'>): boolean {
  return record.tag === 'paused' && record.error !== null
}
