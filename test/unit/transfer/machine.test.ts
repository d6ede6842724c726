import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ERRORS } from '../../../src/shared/errors.ts'
import type { ErrorCode } from '../../../src/shared/errors.ts'
import { next } from '../../../src/main/transfer/machine.ts'
import type { MachineEvent, MachineState } from '../../../src/main/transfer/machine.ts'

const error = (code: ErrorCode) => ({ code, message: code })
const at = fc.nat(1_000_000)
const errors = fc.constantFrom(...(Object.keys(ERRORS) as ErrorCode[])).map(error)

/** What the user and time may do at any moment. */
const outside: fc.Arbitrary<MachineEvent> = fc.oneof(
  fc.record({ tag: fc.constantFrom('pause', 'resume', 'cancel', 'retry', 'requeue', 'due', 'start'), at }) as fc.Arbitrary<MachineEvent>,
  at.map((time): MachineEvent => ({ tag: 'progressed', at: time })),
  at.map((time): MachineEvent => ({ tag: 'stepped', at: time, step: 'sending' }))
)

/** How an operation may settle. */
const settling: fc.Arbitrary<MachineEvent> = fc.oneof(
  at.map((time): MachineEvent => ({ tag: 'succeeded', at: time })),
  at.map((time): MachineEvent => ({ tag: 'stopped', at: time })),
  at.map((time): MachineEvent => ({ tag: 'passedOver', at: time, error: null })),
  fc.record({ tag: fc.constant('held' as const), at, error: errors }),
  fc.record({ tag: fc.constant('parked' as const), at, error: errors, until: fc.nat(2_000_000) }),
  fc.record({
    tag: fc.constant('failed' as const),
    at,
    error: errors,
    random: fc.double({ min: 0, max: 0.999 }),
    maxAttempts: fc.nat(5),
    final: fc.boolean()
  })
)

interface World {
  state: MachineState
  /** Operations under way: never more than one. */
  operations: number
  stored: number
}

function play(events: readonly { event: MachineEvent; settles: boolean }[]): World {
  const world: World = { state: { tag: 'queued', attempt: 0 }, operations: 0, stored: 0 }
  for (const { event, settles } of events) {
    // An operation settles only if there is one; that is how the engine calls the machine.
    if (settles && world.operations === 0) continue
    if (settles) world.operations -= 1
    const step = next(world.state, event)
    if (settles && event.tag === 'succeeded') world.stored += 1
    world.state = step.state
    for (const effect of step.effects) if (effect.tag === 'run') world.operations += 1
    expect(world.operations).toBeLessThanOrEqual(1)
    expect(world.state.tag === 'running').toBe(world.operations === 1)
  }
  return world
}

const history = fc.array(
  fc.oneof(
    outside.map((event) => ({ event, settles: false })),
    settling.map((event) => ({ event, settles: true }))
  ),
  {
    maxLength: 60
  }
)

test('no order of events runs a file twice at once or stores it twice', () => {
  fc.assert(
    fc.property(history, (events) => {
      const world = play(events)
      expect(world.stored).toBeLessThanOrEqual(1)
      expect(world.state.tag === 'done').toBe(world.stored === 1)
    }),
    { numRuns: 2_000 }
  )
})

test('from every state that can be reached, the file can still be done', () => {
  fc.assert(
    fc.property(history, (events) => {
      const { state } = play(events)
      let current = state
      const way: MachineEvent[] =
        state.tag === 'running'
          ? [{ tag: 'succeeded', at: 0 }]
          : [
              { tag: 'retry', at: 0 },
              { tag: 'start', at: 0 },
              { tag: 'succeeded', at: 0 }
            ]
      for (const event of way) current = next(current, event).state
      expect(current.tag).toBe('done')
    }),
    { numRuns: 1_000 }
  )
})

test('from every state that has not ended, cancelling ends it, once the operation has settled', () => {
  fc.assert(
    fc.property(history, (events) => {
      const { state } = play(events)
      const cancelled = next(state, { tag: 'cancel', at: 0 }).state
      const end = cancelled.tag === 'running' ? next(cancelled, { tag: 'stopped', at: 0 }).state : cancelled
      expect(['done', 'failed', 'skipped', 'cancelled']).toContain(end.tag)
    }),
    { numRuns: 1_000 }
  )
})

test('what is held keeps its question until the user acts, and then forgets it', () => {
  const running: MachineState = { tag: 'running', attempt: 0, step: 'receiving', stopping: null }
  const { state } = next(running, { tag: 'held', at: 0, error: error('TARGET_EXISTS') })
  expect(state).toEqual({ tag: 'paused', attempt: 0, error: error('TARGET_EXISTS') })
  for (const tag of ['start', 'due', 'pause', 'requeue'] as const) expect(next(state, { tag, at: 1 }).state).toEqual(state)
  expect(next(state, { tag: 'resume', at: 1 }).state).toEqual({ tag: 'queued', attempt: 0 })
  expect(next(state, { tag: 'cancel', at: 1 }).state).toEqual({ tag: 'cancelled' })
})

test('every change of state is journalled', () => {
  fc.assert(
    fc.property(history, settling, (events, event) => {
      const { state } = play(events)
      const step = next(state, event)
      expect(step.state.tag === state.tag || step.effects.some((effect) => effect.tag === 'save')).toBe(true)
    })
  )
})

test('a waiting transfer is woken, and a running one that shall stop is aborted exactly once', () => {
  const running = next({ tag: 'queued', attempt: 0 }, { tag: 'start', at: 5 }).state
  const failed = next(running, { tag: 'failed', at: 10, error: error('TIMEOUT'), random: 0.5, maxAttempts: 3, final: false })
  expect(failed.state).toMatchObject({ tag: 'waiting', attempt: 1, until: 110 })
  expect(failed.effects).toContainEqual({ tag: 'wake', at: 110 })
  const pausing = next(running, { tag: 'pause', at: 6 })
  expect(pausing.effects).toEqual([{ tag: 'abort' }])
  expect(next(pausing.state, { tag: 'cancel', at: 7 }).effects).toEqual([])
})

test('progress forgives earlier tries; without it they run out', () => {
  const fail = (state: MachineState): MachineState =>
    next(state, { tag: 'failed', at: 0, error: error('CONNECTION_LOST'), random: 0, maxAttempts: 3, final: false }).state
  const again = (state: MachineState): MachineState => next(next(state, { tag: 'due', at: 1e9 }).state, { tag: 'start', at: 1e9 }).state
  let state = again(fail(again(fail(next({ tag: 'queued', attempt: 0 }, { tag: 'start', at: 0 }).state))))
  expect(fail(state).tag).toBe('failed')
  state = next(state, { tag: 'progressed', at: 0 }).state
  expect(fail(state)).toMatchObject({ tag: 'waiting', attempt: 1 })
})

test('a parked transfer waits without using up a try', () => {
  const running: MachineState = { tag: 'running', attempt: 2, step: 'sending', stopping: null }
  const step = next(running, { tag: 'parked', at: 0, error: error('TRACKER_UNREACHABLE'), until: 700 })
  expect(step.state).toMatchObject({ tag: 'waiting', attempt: 2, until: 700 })
})

test('what got through although it was cancelled counts as done: that is the truth', () => {
  const stopping: MachineState = { tag: 'running', attempt: 0, step: 'sending', stopping: 'cancelled' }
  expect(next(stopping, { tag: 'succeeded', at: 0 }).state.tag).toBe('done')
})
