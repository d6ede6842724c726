import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CHANGING_OPERATIONS, guardReadOnly } from '../../../src/main/app/read-only.ts'
import type { StoreClient } from '../../../src/main/cluster/types.ts'
import { calls } from '../../../src/shared/contract.ts'
import type { CallInput, CallName } from '../../../src/shared/contract.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { startApp } from '../../support/running-app.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fdfs-read-only-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** A cluster that is never reached: every operation is noted and fails. */
function recorder() {
  const asked: string[] = []
  const client = new Proxy({} as StoreClient, {
    get: (_, name) =>
      name === 'then' || typeof name === 'symbol'
        ? undefined
        : (): unknown => {
            asked.push(name)
            return name === 'close' ? Promise.resolve() : Promise.reject(new AppError('CONNECT_REFUSED'))
          }
  })
  return { client, asked }
}

type Json = { [key: string]: unknown }

function matching(pattern: string): string {
  return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: 1 })[0] ?? ''
}

/** Something that a schema takes: whatever is optional is left out, what is meant as a file or folder exists. */
function sample(schema: Json, name = ''): unknown {
  const [first] = (schema['anyOf'] ?? schema['oneOf'] ?? []) as Json[]
  if (first) return sample(first, name)
  if (schema['const'] !== undefined) return schema['const']
  if (Array.isArray(schema['enum'])) return (schema['enum'] as unknown[])[0]
  switch (schema['type']) {
    case 'string':
      if (['path', 'paths', 'parent', 'start'].includes(name)) return join(dir, 'file.txt')
      if (name === 'target') return join(dir, 'target')
      if (/^fileIds?$/.test(name)) return 'group1/M00/00/00/fwAAA2sC_yqAdhusAAAABjY6MCA971.txt'
      if (typeof schema['pattern'] === 'string') return matching(schema['pattern'])
      return 'x'.repeat((schema['minLength'] as number | undefined) ?? 0)
    case 'integer':
    case 'number':
      return Math.max(1, (schema['minimum'] as number | undefined) ?? 1)
    case 'boolean':
      return true
    case 'null':
      return null
    case 'array':
      return [sample((schema['items'] ?? {}) as Json, name)]
    default: {
      const properties = (schema['properties'] ?? {}) as Record<string, Json>
      const required = (schema['required'] ?? []) as string[]
      return Object.fromEntries(required.map((key) => [key, sample(properties[key] ?? {}, key)]))
    }
  }
}

const inputOf = (name: CallName): unknown => sample(z.toJSONSchema(calls[name].input, { io: 'input', unrepresentable: 'any' }) as Json)

/** These must be refused; others may do what they like as long as no change is asked of the cluster. */
const REFUSED = ['transfers.upload', 'transfers.metadata', 'transfers.delete'] as const satisfies CallName[]

describe('a read-only connection', () => {
  it('lets nothing through that changes the cluster, by any call of the contract', async () => {
    await writeFile(join(dir, 'file.txt'), 'content')
    await mkdir(join(dir, 'target'))
    const { client, asked } = recorder()
    const { app, call } = await startApp(join(dir, 'data'), { connect: () => client, report: () => undefined })
    try {
      const saved = await call('profiles.save', { name: 'guarded', trackers: ['127.0.0.1:1'], readOnly: true })
      await call('profiles.activate', { id: saved.at(-1)?.id ?? '' })
      await call('files.add', { fileIds: ['group1/M00/00/00/fwAAA2sC_yqAdhusAAAABjY6MCA971.txt'] })
      const refused: string[] = []
      const left: readonly CallName[] = ['profiles.save', 'profiles.activate', 'profiles.remove', 'files.forget', 'settings.set']
      for (const name of (Object.keys(calls) as CallName[]).filter((each) => !left.includes(each))) {
        const input = inputOf(name)
        expect([name, calls[name].input.safeParse(input).error]).toEqual([name, undefined])
        await call(name, input as CallInput<typeof name>).catch((error: AppError) => {
          if (error.code === 'PROFILE_READ_ONLY') refused.push(name)
        })
      }
      expect(refused).toEqual(expect.arrayContaining([...REFUSED]))
      // What was begun goes on in the background.
      await call('transfers.control', { action: 'cancel' })
      expect(asked.filter((name) => CHANGING_OPERATIONS.includes(name))).toEqual([])
      expect(asked).toContain('groups')
    } finally {
      await app.close()
    }
    // Every call of the contract: some start threads.
  }, 60_000)

  it('is judged anew at each operation, and reading goes on', async () => {
    const { client, asked } = recorder()
    let readOnly = false
    const guarded = guardReadOnly(client, 'p', () => readOnly)
    await expect(guarded.remove('group1/M00/00/00/x')).rejects.toMatchObject({ code: 'CONNECT_REFUSED' })
    readOnly = true
    for (const name of CHANGING_OPERATIONS) {
      const operation = guarded[name as keyof StoreClient] as () => Promise<unknown>
      await expect(operation()).rejects.toMatchObject({ code: 'PROFILE_READ_ONLY', detail: { profile: 'p' } })
    }
    await expect((guarded as unknown as { later: () => Promise<void> }).later()).rejects.toMatchObject({ code: 'PROFILE_READ_ONLY' })
    await expect(guarded.info('group1/M00/00/00/x')).rejects.toMatchObject({ code: 'CONNECT_REFUSED' })
    expect(asked).toEqual(['remove', 'info'])
  })
})
