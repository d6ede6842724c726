import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDispatch } from '../../../src/main/app/dispatch.ts'
import type { Handlers } from '../../../src/main/app/dispatch.ts'
import { calls } from '../../../src/shared/contract.ts'
import { AppError } from '../../../src/shared/errors.ts'

/** Every handler counts its calls; `special` replaces some. */
function setup(special: Partial<Handlers> = {}) {
  const called: string[] = []
  const reported: string[] = []
  const handlers = Object.fromEntries(Object.keys(calls).map((name) => [name, () => void called.push(name)])) as unknown as Handlers
  const dispatch = createDispatch({ ...handlers, ...special }, (name) => reported.push(name))
  return { dispatch, called, reported }
}

describe('dispatch', () => {
  it('checks the input, fills defaults, calls and answers with the same number', async () => {
    let seen: unknown
    const { dispatch } = setup({
      'files.rename': (input) => {
        seen = input
        return null
      }
    })
    expect(await dispatch({ id: 7, name: 'files.rename', input: { id: 1, name: '  a  ', extra: true } })).toEqual({ id: 7, ok: null })
    expect(seen).toEqual({ id: 1, name: 'a' })
  })

  it('answers CALL_UNKNOWN for names that are not in the contract, also those every object has', async () => {
    const { dispatch, called } = setup()
    for (const name of ['nothing.here', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '']) {
      expect(await dispatch({ id: 1, name, input: {} })).toMatchObject({ id: 1, error: { code: 'CALL_UNKNOWN', detail: { call: name } } })
    }
    expect(called).toEqual([])
  })

  it('names the field of an invalid input', async () => {
    const { dispatch, called } = setup()
    const reply = await dispatch({ id: 1, name: 'transfers.upload', input: { paths: ['a', ''] } })
    expect(reply).toMatchObject({ error: { code: 'CALL_INVALID', detail: { call: 'transfers.upload', field: 'paths.1' } } })
    expect(called).toEqual([])
  })

  it('passes our own errors on as they are', async () => {
    const { dispatch, reported } = setup({
      'files.close': () => {
        throw new AppError('NOT_FOUND', { detail: { fileId: 'x' } })
      }
    })
    expect(await dispatch({ id: 1, name: 'files.close', input: { view: 1 } })).toEqual({
      id: 1,
      error: { code: 'NOT_FOUND', message: 'NOT_FOUND (fileId=x)', detail: { fileId: 'x' } }
    })
    expect(reported).toEqual([])
  })

  it('hides stack traces of mistakes, and reports them', async () => {
    const { dispatch, reported } = setup({
      'files.folders': () => Promise.reject(new TypeError('x is not a function\n    at secret.ts:1'))
    })
    const reply = await dispatch({ id: 1, name: 'files.folders', input: {} })
    expect(reply).toMatchObject({ error: { code: 'INTERNAL', message: 'INTERNAL: x is not a function' } })
    expect(JSON.stringify(reply)).not.toContain('secret.ts')
    expect(reported).toEqual(['files.folders'])
  })

  it('answers every malformed envelope with an error of the table, and never calls', async () => {
    const { dispatch, called } = setup()
    for (const message of [
      null,
      undefined,
      1,
      'x',
      [],
      {},
      { id: -1, name: 'app.info' },
      { id: 1.5, name: 'app.info' },
      { id: 1, name: 3 }
    ]) {
      expect(await dispatch(message)).toMatchObject({ error: { code: 'CALL_INVALID' } })
    }
    expect(await dispatch({ id: 2 ** 60, name: 'app.info', input: {} })).toMatchObject({ id: 0, error: { detail: { field: 'id' } } })
    expect(called).toEqual([])
  })

  it('survives whatever is thrown at it: any value as envelope, any value as input of any call', async () => {
    const { dispatch } = setup()
    const codes = new Set<unknown>()
    const answers = (reply: unknown) => {
      const { id, error } = reply as { id: number; error?: { code: string; message: string } }
      codes.add(error?.code)
      return Number.isSafeInteger(id) && !/\n|at .*\.ts:/.test(error?.message ?? '')
    }
    await fc.assert(fc.asyncProperty(fc.anything({ withBigInt: true, withMap: true }), async (message) => answers(await dispatch(message))))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(calls)), fc.anything(), async (name, input) =>
        answers(await dispatch({ id: 3, name, input }))
      ),
      { numRuns: 500 }
    )
    for (const name of ['no.such', 'app.info']) answers(await dispatch({ id: 3, name, input: {} }))
    expect(codes).toEqual(new Set([undefined, 'CALL_INVALID', 'CALL_UNKNOWN']))
  })
})
