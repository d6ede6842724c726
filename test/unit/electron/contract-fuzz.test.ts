import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { IpcMain } from 'electron'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDispatch } from '../../../src/main/app/dispatch.ts'
import type { Handlers } from '../../../src/main/app/dispatch.ts'
import { pageUrl } from '../../../src/main/electron/page.ts'
import { serveWindow } from '../../../src/main/electron/transport.ts'
import { calls } from '../../../src/shared/contract.ts'
import type { CallName, ReplyEnvelope } from '../../../src/shared/contract.ts'
import { ERRORS } from '../../../src/shared/errors.ts'
import { CALLS, brokenInputOf, inputOf } from '../../support/contract-arbitrary.ts'
import * as stub from '../../support/electron-stub.ts'
import { startApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** Megabytes a hundred times, on a computer that may be busy. */
const PATIENT = { timeout: 120_000 }

/** A dispatch whose handlers only note what reached them. */
function counting() {
  const reached: [CallName, unknown][] = []
  const handlers = Object.fromEntries(CALLS.map((name) => [name, (input: unknown) => void reached.push([name, input])]))
  return { reached, dispatch: createDispatch(handlers as unknown as Handlers, () => undefined) }
}

describe('a page that sends what it should not', () => {
  it.each(CALLS)('is answered with an error, and nothing wrong gets through: %s', PATIENT, async (name) => {
    const { reached, dispatch } = counting()
    await fc.assert(
      fc.asyncProperty(brokenInputOf(name), async (input) => {
        reached.length = 0
        const reply = await dispatch({ id: 1, name, input })
        expect(reply.id).toBe(1)
        // What reached the handler is what the schema made of it: nothing more, nothing of a wrong kind.
        for (const [, given] of reached) expect(calls[name].input.safeParse(given).success).toBe(true)
        const outcome = 'error' in reply ? `${reply.error.code} ${reached.length}` : 'ok'
        expect(['ok', 'CALL_INVALID 0']).toContain(outcome)
      }),
      { numRuns: 25 }
    )
  })

  it('is answered whatever the envelope is', PATIENT, async () => {
    const { reached, dispatch } = counting()
    const envelopes = fc.oneof(
      fc.anything(),
      fc.record({ id: fc.anything(), name: fc.anything(), input: fc.anything() }, { requiredKeys: [] }),
      fc.record({
        id: fc.nat(),
        name: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString', 'x'.repeat(1_000_000))),
        input: fc.constant({})
      })
    )
    await fc.assert(
      fc.asyncProperty(envelopes, async (message) => {
        const reply = await dispatch(message)
        expect('error' in reply ? reply.error.code : 'ok').toMatch(/^CALL_(INVALID|UNKNOWN)$/)
        expect(JSON.stringify(reply).length).toBeLessThan(2_000)
      }),
      { numRuns: 300 }
    )
    expect(reached).toEqual([])
  })

  it('has no effect at all from a frame that is not the page', PATIENT, async () => {
    const { reached, dispatch } = counting()
    const window = new stub.BrowserWindow()
    await window.loadURL(pageUrl())
    const end = serveWindow(stub.ipcMain as unknown as IpcMain, window.webContents as never, { dispatch, subscribe: () => () => undefined })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...CALLS), fc.webUrl(), async (name, url) => {
        stub.deliver(window.webContents, { url }, 'fdfs:call', { id: 1, name, input: {} })
        stub.deliver(window.webContents, null, 'fdfs:call', { id: 1, name, input: {} })
      })
    )
    expect(reached).toEqual([])
    end()
  })
})

describe('the application', () => {
  /** Ask other computers, or do for minutes what they are told to: tested where they are tested. */
  const ELSEWHERE = new Set<string>(['profiles.test', 'profiles.activate', 'profiles.save', 'profiles.import'])

  it('answers every call with every input that its schema takes, in words of its own, and goes on', PATIENT, async () => {
    const dir = await tempDir()
    await mkdir(join(dir, 'data'))
    const mistakes: string[] = []
    const running = await startApp(join(dir, 'data'), { report: (about, error) => mistakes.push(`${about}: ${String(error)}`) })
    try {
      let id = 0
      for (const name of CALLS.filter((each) => !ELSEWHERE.has(each))) {
        await fc.assert(
          fc.asyncProperty(inputOf(name), async (input) => {
            id += 1
            const reply = (await Promise.race([running.app.dispatch({ id, name, input }), late(name)])) as ReplyEnvelope
            expect(reply.id).toBe(id)
            const outcome = 'error' in reply ? reply.error.code : 'ok'
            expect(['ok', ...Object.keys(ERRORS)], `${name}: ${outcome}`).toContain(outcome)
          }),
          { numRuns: 4 }
        )
      }
      expect(mistakes).toEqual([])
      expect((await running.call('app.info', {})).activeProfileId).toBe('builtin')
    } finally {
      await running.app.close()
    }
    expect(await readdir(dir)).toEqual(['data'])
  })
})

/** Longer than the slowest answer of a healthy program takes on a busy computer. */
function late(name: string): Promise<never> {
  return new Promise((_resolve, reject) => setTimeout(() => reject(new Error(`${name} did not answer`)), 20_000).unref())
}
