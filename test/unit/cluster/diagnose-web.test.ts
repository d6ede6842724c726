import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { crc32 } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { diagnoseWeb } from '../../../src/main/cluster/diagnose-web.ts'
import type { DiagnoseWebOptions } from '../../../src/main/cluster/diagnose-web.ts'
import type { DiagnosisStep } from '../../../src/shared/model.ts'
import type { WebServer, WebServerOptions } from '../../support/web-server.ts'
import { webServer } from '../../support/web-server.ts'

const SECRET = 'FastDFS1234567890'
const fileId = 'group1/M00/00/00/fwAAA2sC_yqAdhusAAAABjY6MCA971.txt'
const content = Buffer.from('the real bytes')

const servers: WebServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(options: Partial<WebServerOptions> = {}): Promise<WebServer> {
  const server = await webServer({ files: new Map([[fileId, content]]), ...options })
  servers.push(server)
  return server
}

const sign = (secret: string) => (id: string, nowMs: number) => {
  const ts = Math.floor(nowMs / 1000)
  const token = createHash('md5')
    .update(id.slice(id.indexOf('/') + 1) + secret + ts)
    .digest('hex')
  return `token=${token}&ts=${ts}`
}

function tested(base: string, options: Partial<DiagnoseWebOptions> = {}): Promise<DiagnosisStep[]> {
  const file = { url: `${base}/${fileId}`, fileId, sizeBytes: content.length, crc32: crc32(content) }
  return diagnoseWeb({ targets: [{ group: 'group1', base, file }], sign: null, limitMs: 5_000, ...options })
}

const brief = (steps: DiagnosisStep[]) => steps.map(({ target, ok, error }) => `${target} ${ok ? 'ok' : error?.code}`)

test('a web server that delivers the file is shown with its answer and its clock', async () => {
  const { base } = await serve()
  const steps = await tested(base)
  expect(brief(steps)).toEqual(['web ok', 'clock ok'])
  expect(steps.map(({ note }) => note)).toEqual([
    { code: 'web', group: 'group1', status: 200, fileId },
    { code: 'clock', differenceSeconds: 0, exact: true }
  ])
})

test('a wrong token has to be refused, by a status or by a decoy', async () => {
  const refusing = await serve({ secret: SECRET })
  const decoying = await serve({ secret: SECRET, decoy: Buffer.from('another picture') })
  // As long as the file: only its CRC-32 gives it away.
  const sameSize = await serve({ secret: SECRET, decoy: Buffer.from('the fake bytes') })
  const careless = await serve()
  const notes = []
  for (const { base } of [refusing, decoying, sameSize, careless]) {
    const steps = await tested(base, { sign: sign(SECRET) })
    expect(brief(steps)).toEqual(['web ok', 'token ok', 'clock ok'])
    notes.push(steps[1]?.note)
  }
  expect(notes.map((note) => (note?.code === 'token' ? note.wrong : ''))).toEqual(['refused', 'decoy', 'decoy', 'delivered'])
})

test('a secret that the servers do not have is found out, with a decoy as well', async () => {
  const refusing = await serve({ secret: SECRET })
  const decoying = await serve({ secret: SECRET, decoy: Buffer.from('the fake bytes') })
  expect(brief(await tested(refusing.base, { sign: sign('other') }))).toEqual(['web WEB_REFUSED', 'clock ok'])
  expect(brief(await tested(decoying.base, { sign: sign('other') }))).toEqual(['web WEB_DECOY', 'clock ok'])
  // Without a secret at all the same shows.
  expect(brief(await tested(decoying.base))).toEqual(['web WEB_DECOY', 'clock ok'])
})

test('tokens are made by the clock of the web server, which is told', async () => {
  for (const skew of [3600, -3600]) {
    const server = await serve({ secret: SECRET, nowSeconds: () => Math.floor(Date.now() / 1000) + skew })
    const steps = await tested(server.base, { sign: sign(SECRET) })
    expect(brief(steps)).toEqual(['web ok', 'token ok', 'clock ok'])
    const note = steps.at(-1)?.note
    expect(Math.abs((note?.code === 'clock' ? note.differenceSeconds : 0) - skew)).toBeLessThanOrEqual(2)
  }
})

test('files that are not there, servers that are not there and servers that say nothing each have their own result', async () => {
  const empty = await serve({ files: new Map() })
  const mute = await serve({ mute: true })
  const gone = await serve()
  await gone.close()
  expect(brief(await tested(empty.base))).toEqual(['web WEB_MISSING', 'clock ok'])
  expect(brief(await tested(gone.base))).toEqual(['web CONNECT_REFUSED'])
  expect(brief(await tested(mute.base, { limitMs: 300 }))).toEqual(['web TIMEOUT'])
  expect(brief(await tested('http://no-such-host.invalid'))).toEqual(['web HOST_NOT_FOUND'])
})

test('a web server that wants links without the group, or with it, is told apart from one that does not have the file', async () => {
  const without = await serve({ withoutGroup: true, secret: SECRET, decoy: Buffer.from('decoy') })
  const with_ = await serve({ secret: SECRET })
  const empty = await serve({ files: new Map() })
  const [, remote] = /^group1\/(.*)$/.exec(fileId) ?? []
  const both = (base: string, first: string, second: string) => {
    const file = { url: `${base}/${first}`, otherUrl: `${base}/${second}`, fileId, sizeBytes: content.length, crc32: crc32(content) }
    return diagnoseWeb({ targets: [{ group: 'group1', base, file }], sign: sign(SECRET), limitMs: 5_000 })
  }
  expect(brief(await both(without.base, fileId, remote ?? ''))).toEqual(['web WEB_GROUP', 'clock ok'])
  expect(brief(await both(without.base, remote ?? '', fileId))).toEqual(['web ok', 'token ok', 'clock ok'])
  expect(brief(await both(with_.base, remote ?? '', fileId))).toEqual(['web WEB_GROUP', 'clock ok'])
  expect(brief(await both(empty.base, fileId, remote ?? ''))).toEqual(['web WEB_MISSING', 'clock ok'])
})

test('a certificate that nobody vouches for, and servers that speak something else, are told as what they are', async () => {
  const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url))
  const hello = (_: unknown, response: ServerResponse) => response.end('hello')
  const secure = createSecureServer({ key: pem('key'), cert: pem('cert') }, hello)
  const leading = createServer((_, response) => response.writeHead(302, { Location: 'file:///etc/hosts' }).end())
  const other = createTcpServer((socket) => socket.on('error', () => undefined).on('data', () => socket.resetAndDestroy()))
  const ports = []
  for (const server of [secure, leading, other]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push({ base: '', close: () => new Promise((resolve) => server.close(() => resolve())) })
    ports.push((server.address() as AddressInfo).port)
  }
  const [tls, redirect, reset] = ports
  const codes = async (base: string) =>
    (await diagnoseWeb({ targets: [{ group: '', base, file: null }], sign: null, limitMs: 5_000 })).map(({ error }) => error?.code)
  expect(await codes(`https://127.0.0.1:${tls}`)).toEqual(['WEB_CERTIFICATE'])
  expect(await codes(`http://127.0.0.1:${tls}`)).toEqual(['WEB_BROKEN'])
  expect(await codes(`http://127.0.0.1:${redirect}`)).toEqual(['WEB_BROKEN'])
  expect(await codes(`http://127.0.0.1:${reset}`)).toEqual(['WEB_BROKEN'])
  expect(await codes(`https://127.0.0.1:${reset}`)).toEqual(['WEB_BROKEN'])
})

test('groups behind one web server share its clock', async () => {
  const { base } = await serve()
  const file = { url: `${base}/${fileId}`, fileId, sizeBytes: content.length, crc32: crc32(content) }
  const targets = ['group1', 'group2'].map((group) => ({ group, base, file }))
  expect(brief(await diagnoseWeb({ targets, sign: null, limitMs: 5_000 }))).toEqual(['web ok', 'clock ok', 'web ok'])
})

test('without a known file any answer of the web server will do', async () => {
  const { base } = await serve()
  const steps = await diagnoseWeb({ targets: [{ group: '', base, file: null }], sign: null, limitMs: 5_000 })
  expect(steps[0]).toMatchObject({ target: 'web', ok: true, note: { code: 'web', status: 404, fileId: null } })
})
