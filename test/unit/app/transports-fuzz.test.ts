/** What a page that was taken over may send, over everything that carries its messages: answered or ignored, and the next page is served. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDispatch } from '../../../src/main/app/dispatch.ts'
import type { Handlers } from '../../../src/main/app/dispatch.ts'
import { calls } from '../../../src/shared/contract.ts'
import type { CallName } from '../../../src/shared/contract.ts'
import { CALLS, brokenInputOf } from '../../support/contract-arbitrary.ts'
import { createFakeApp } from '../../support/fake-app.ts'
import { TRANSPORTS, reply } from '../../support/transports.ts'
import type { Page } from '../../support/transports.ts'

const PATIENT = { timeout: 120_000 }
/** Another one each time, unless a failure is looked into. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)

/** An application whose handlers only note what reached them. */
function counting() {
  const reached: [CallName, unknown][] = []
  const handlers = Object.fromEntries(CALLS.map((name) => [name, (input: unknown) => void reached.push([name, input])]))
  return { reached, app: { ...createFakeApp(), dispatch: createDispatch(handlers as unknown as Handlers, () => undefined) } }
}

/** Sends as far as the sender itself can: neither functions nor rings cross a border, for an attacker as for anybody else. */
function trySend(page: Page, message: unknown): boolean {
  try {
    page.send(message as never)
    return true
  } catch {
    return false
  }
}

describe.each(TRANSPORTS)(`a hostile page over %s (FUZZ_SEED=${SEED})`, (_, connect) => {
  it('gets an answer to every broken call, and nothing wrong comes through', PATIENT, async () => {
    const { reached, app } = counting()
    const page = await connect(app)
    let id = 0
    for (const name of CALLS) {
      for (const input of fc.sample(brokenInputOf(name), { numRuns: 3, seed: SEED })) {
        id += 1
        reached.length = 0
        if (!trySend(page, { id, name, input })) continue
        const message = await reply(page, id)
        const outcome = 'error' in message ? `${message.error.code} ${reached.length}` : 'ok'
        expect(['ok', 'CALL_INVALID 0'], `${name}: ${outcome}`).toContain(outcome)
        for (const [, given] of reached) expect(calls[name].input.safeParse(given).success).toBe(true)
      }
    }
    await page.leave()
  })

  it('does nothing by envelopes that are none, by numbers used twice and by names of no call', PATIENT, async () => {
    const { reached, app } = counting()
    const page = await connect(app)
    const envelopes = fc.oneof(
      fc.anything({ maxDepth: 2 }),
      fc.record({ id: fc.anything({ maxDepth: 1 }), name: fc.anything({ maxDepth: 1 }), input: fc.anything({ maxDepth: 1 }) }),
      fc.record({
        id: fc.constant(1),
        name: fc.constantFrom('__proto__', 'toString', 'app', 'x'.repeat(1_000_000)),
        input: fc.constant({})
      })
    )
    for (const envelope of fc.sample(envelopes, { numRuns: 200, seed: SEED })) trySend(page, envelope)
    // Behind all of them in the same pipe: answered, so they were dealt with.
    const answered = reply(page, 987_654)
    page.send({ id: 987_654, name: 'files.groups', input: {} })
    expect(await answered).toMatchObject({ ok: null })
    expect(reached).toEqual([['files.groups', {}]])
    await page.leave()
  })
})
