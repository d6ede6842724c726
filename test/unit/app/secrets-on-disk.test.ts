import { createHash } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { SecretSeal } from '../../../src/main/app/host.ts'
import { startApp, testHost } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { webServer } from '../../support/web-server.ts'

const SECRET = 'Fast DFS=1234567890/秘密'
const TYPED = 'typed-but-never-saved-4711'

/** A keychain: what it seals cannot be read. */
const seal: SecretSeal = {
  close: (secret) => [...Buffer.from(secret)].map((byte) => (byte ^ 0xa5).toString(16).padStart(2, '0')).join(''),
  open: (sealed) => Buffer.from(sealed.match(/../g)?.map((pair) => Number.parseInt(pair, 16) ^ 0xa5) ?? []).toString()
}

/** Everything that was written, file by file. */
async function written(dir: string): Promise<Map<string, string>> {
  const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const contents = await Promise.all(
    files.map(async (entry) => [join(entry.parentPath, entry.name), await readFile(join(entry.parentPath, entry.name), 'latin1')] as const)
  )
  return new Map(contents)
}

const formsOf = (secret: string): string[] => [
  Buffer.from(secret).toString('latin1'),
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('hex'),
  createHash('md5').update(secret).digest('hex')
]

it.each([
  ['with a keychain', seal],
  ['without one', null]
])(
  'after a run with token secrets no file of the program holds one of them, or a token: %s',
  async (_, keychain) => {
    const dir = await tempDir()
    const data = join(dir, 'data')
    const { app, call, idle } = await startApp(data, { host: { ...testHost(dir), seal: keychain }, report: () => undefined })
    const files = new Map<string, Buffer>()
    const server = await webServer({ files, secret: SECRET, decoy: Buffer.from('decoy') })
    const told: string[] = []
    try {
      await writeFile(join(dir, 'a.txt'), 'content')
      await call('transfers.upload', { paths: [join(dir, 'a.txt')] })
      await idle()
      const { rows } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
      files.set(rows[0]?.fileId ?? '', Buffer.from('content'))
      const [builtIn] = (await call('app.info', {})).profiles
      if (!builtIn) throw new Error('no built-in profile')
      const profile = { ...builtIn, httpBase: { '': server.base } }
      await call('profiles.save', profile)
      await call('profiles.setToken', { id: profile.id, secret: SECRET })
      const selection = { query: {}, exceptIds: [] }
      const links = { selection, format: 'url' as const, signed: true }
      const { text } = await call('files.links', links)
      told.push(/token=([0-9a-f]{32})/.exec(text)?.[1] ?? 'no token')
      expect(await (await fetch(text)).text()).toBe('content')
      await call('links.export', { ...links, table: true })
      expect((await call('links.check', { selection, signed: true })).checks).toMatchObject([{ ok: true }])
      await call('profiles.test', profile)
      await call('profiles.test', { ...profile, tokenSecret: TYPED })
      // What fails is logged.
      await call('profiles.setToken', { id: 'nobody', secret: TYPED }).catch(() => undefined)
      await call('profiles.test', { ...profile, trackers: ['not an address', '127.0.0.1:1'], id: undefined, tokenSecret: TYPED }).catch(
        () => undefined
      )
      await app.dispatch({ id: 1, name: `no.such.call?secret=${SECRET}`, input: { secret: SECRET } })
      await app.dispatch({ id: 2, name: 'profiles.setToken', input: { id: profile.id, secret: [SECRET] } })
      for (const result of [await call('profiles.export', {}), await call('log.diagnostics', {})]) {
        if (result.tag !== 'text') throw new Error('a text was expected')
        for (const form of [...formsOf(SECRET), ...formsOf(TYPED), ...told]) expect(result.text).not.toContain(form)
      }
    } finally {
      await app.close()
      await server.close()
    }
    const contents = await written(data)
    expect(contents.size).toBeGreaterThan(5)
    for (const [path, content] of contents) {
      for (const form of [...formsOf(SECRET), ...formsOf(TYPED), ...told]) expect([path, content.includes(form)]).toEqual([path, false])
    }
    // It is kept where the system can keep it, and only there.
    const kept = [...contents].filter(([, content]) => content.includes(seal.close(SECRET)))
    expect(kept.map(([path]) => path)).toEqual(keychain ? [join(data, 'secrets.json')] : [])
  },
  30_000
)
