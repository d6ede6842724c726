/**
 * The life of one transfer as a pure function. Time and chance arrive in the events; what is to be done leaves as data.
 *
 *   queued → running → done | skipped | failed
 *              │ ↖ due
 *              └→ waiting            paused and cancelled from every state that is not an end
 *
 * A running operation is never simply forgotten: pausing or cancelling asks it to stop (`stopping`), and the new state is taken
 * only when the operation has settled, so that no file is ever worked on twice at once.
 */
import { assertNever } from '../../shared/errors.ts'
import type { ErrorData } from '../../shared/errors.ts'
import type { TransferStep } from '../../shared/model.ts'
import { retryDelay } from './retry-policy.ts'

/** What a stopping operation becomes once it has settled. */
export type StopReason = 'paused' | 'cancelled' | 'queued'

export type MachineState =
  | { tag: 'queued'; attempt: number }
  | { tag: 'running'; attempt: number; step: TransferStep; stopping: StopReason | null }
  | { tag: 'waiting'; attempt: number; until: number; error: ErrorData }
  /** error: what the user has to decide; null = paused by the user. */
  | { tag: 'paused'; attempt: number; error: ErrorData | null }
  | { tag: 'done' }
  | { tag: 'skipped'; error: ErrorData | null }
  | { tag: 'failed'; error: ErrorData }
  | { tag: 'cancelled' }

export type MachineEvent =
  /** A slot is free. */
  | { tag: 'start'; at: number }
  | { tag: 'stepped'; at: number; step: TransferStep }
  /** Bytes were acknowledged: the tries start anew. */
  | { tag: 'progressed'; at: number }
  | { tag: 'succeeded'; at: number }
  | { tag: 'passedOver'; at: number; error: ErrorData | null }
  /** `final`: the operation knows that trying again cannot help. `random` in [0, 1). */
  | { tag: 'failed'; at: number; error: ErrorData; random: number; maxAttempts: number; final: boolean }
  /** An endpoint is away: the fault of no file, so no try is counted. */
  | { tag: 'parked'; at: number; error: ErrorData; until: number }
  /** Only the user can tell how it goes on: held until then. */
  | { tag: 'held'; at: number; error: ErrorData }
  /** The operation settled because it was asked to stop. */
  | { tag: 'stopped'; at: number }
  | { tag: 'due'; at: number }
  | { tag: 'pause'; at: number }
  | { tag: 'resume'; at: number }
  | { tag: 'cancel'; at: number }
  /** The user tries again what had ended. */
  | { tag: 'retry'; at: number }
  /** The batch was paused, or the program ends: back into the queue. */
  | { tag: 'requeue'; at: number }

export type Effect =
  | { tag: 'run' }
  | { tag: 'abort' }
  /** Come back with `due` at this time. */
  | { tag: 'wake'; at: number }
  /** Write the new state to the journal; durable = on disk before anybody is told. */
  | { tag: 'save'; durable: boolean }
  /** Remove what a cancelled transfer left on the server and in the spool. */
  | { tag: 'cleanUp' }

export interface Step {
  state: MachineState
  effects: Effect[]
}

const SAVE: Effect = { tag: 'save', durable: false }
const SAVE_DURABLY: Effect = { tag: 'save', durable: true }

export function next(state: MachineState, event: MachineEvent): Step {
  switch (state.tag) {
    case 'queued':
      return fromQueued(state, event)
    case 'running':
      return fromRunning(state, event)
    case 'waiting':
      return fromWaiting(state, event)
    case 'paused':
      return fromPaused(state, event)
    case 'done':
      return stay(state)
    case 'skipped':
    case 'failed':
    case 'cancelled':
      return event.tag === 'retry' ? to({ tag: 'queued', attempt: 0 }, SAVE) : stay(state)
    default:
      return assertNever(state)
  }
}

function fromQueued(state: MachineState & { tag: 'queued' }, event: MachineEvent): Step {
  switch (event.tag) {
    case 'start':
      return to({ tag: 'running', attempt: state.attempt, step: 'preparing', stopping: null }, SAVE, { tag: 'run' })
    case 'pause':
      return to({ tag: 'paused', attempt: state.attempt, error: null }, SAVE)
    case 'cancel':
      return to({ tag: 'cancelled' }, SAVE_DURABLY, { tag: 'cleanUp' })
    default:
      return stay(state)
  }
}

function fromRunning(state: MachineState & { tag: 'running' }, event: MachineEvent): Step {
  switch (event.tag) {
    case 'stepped':
      return state.step === event.step ? stay(state) : to({ ...state, step: event.step })
    case 'progressed':
      return state.attempt === 0 ? stay(state) : to({ ...state, attempt: 0 })
    case 'pause':
      return stop(state, 'paused')
    case 'requeue':
      return stop(state, 'queued')
    case 'cancel':
      return stop(state, 'cancelled')
    case 'resume':
      // Paused and resumed before the operation had settled: it goes back into the queue, from where it starts again.
      return state.stopping === 'paused' ? to({ ...state, stopping: 'queued' }) : stay(state)
    // Settled. An operation that got through although it was asked to stop has done its work: that is the truth to keep.
    case 'succeeded':
      return to({ tag: 'done' }, SAVE_DURABLY)
    case 'passedOver':
      return to({ tag: 'skipped', error: event.error }, SAVE_DURABLY)
    case 'held':
      if (state.stopping !== null) return settle(state.attempt, state.stopping)
      return to({ tag: 'paused', attempt: state.attempt, error: event.error }, SAVE)
    case 'stopped':
      return settle(state.attempt, state.stopping ?? 'queued')
    case 'failed':
      return state.stopping === null ? afterFailure(state, event) : settle(state.attempt, state.stopping)
    case 'parked':
      if (state.stopping !== null) return settle(state.attempt, state.stopping)
      return to({ tag: 'waiting', attempt: state.attempt, until: event.until, error: event.error }, SAVE, { tag: 'wake', at: event.until })
    default:
      return stay(state)
  }
}

function fromWaiting(state: MachineState & { tag: 'waiting' }, event: MachineEvent): Step {
  switch (event.tag) {
    case 'due':
      return event.at < state.until ? to(state, { tag: 'wake', at: state.until }) : to({ tag: 'queued', attempt: state.attempt }, SAVE)
    case 'requeue':
      return to({ tag: 'queued', attempt: state.attempt }, SAVE)
    // The user does not want to wait: at once, and with fresh tries.
    case 'retry':
    case 'resume':
      return to({ tag: 'queued', attempt: 0 }, SAVE)
    case 'pause':
      return to({ tag: 'paused', attempt: state.attempt, error: null }, SAVE)
    case 'cancel':
      return to({ tag: 'cancelled' }, SAVE_DURABLY, { tag: 'cleanUp' })
    default:
      return stay(state)
  }
}

function fromPaused(state: MachineState & { tag: 'paused' }, event: MachineEvent): Step {
  switch (event.tag) {
    case 'resume':
    case 'retry':
      return to({ tag: 'queued', attempt: 0 }, SAVE)
    case 'cancel':
      return to({ tag: 'cancelled' }, SAVE_DURABLY, { tag: 'cleanUp' })
    default:
      return stay(state)
  }
}

function stop(state: MachineState & { tag: 'running' }, reason: StopReason): Step {
  // Cancelling is final; a later wish to pause does not take it back.
  if (state.stopping === 'cancelled' || state.stopping === reason) return stay(state)
  return to({ ...state, stopping: reason }, ...(state.stopping === null ? [{ tag: 'abort' } as const] : []))
}

function settle(attempt: number, reason: StopReason): Step {
  switch (reason) {
    case 'paused':
      return to({ tag: 'paused', attempt, error: null }, SAVE)
    case 'queued':
      return to({ tag: 'queued', attempt }, SAVE)
    case 'cancelled':
      return to({ tag: 'cancelled' }, SAVE_DURABLY, { tag: 'cleanUp' })
    default:
      return assertNever(reason)
  }
}

function afterFailure(state: MachineState & { tag: 'running' }, event: MachineEvent & { tag: 'failed' }): Step {
  const attempt = state.attempt + 1
  const delay = event.final ? null : retryDelay(event.error.code, attempt, () => event.random, { maxAttempts: event.maxAttempts })
  if (delay === null) return to({ tag: 'failed', error: event.error }, SAVE_DURABLY)
  const until = event.at + delay
  return to({ tag: 'waiting', attempt, until, error: event.error }, SAVE, { tag: 'wake', at: until })
}

function stay(state: MachineState): Step {
  return { state, effects: [] }
}

function to(state: MachineState, ...effects: Effect[]): Step {
  return { state, effects }
}
