import { describe, expect, it } from 'vitest'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { antiStealToken, tokenTimestamp } from '../../../src/main/app/anti-steal.ts'
import type { LinkOptions, LinkedFile } from '../../../src/main/app/links.ts'
import { formatLink } from '../../../src/main/app/links.ts'
import { openSecrets } from '../../../src/main/app/secrets.ts'
import vectors from '../../fixtures/vectors/anti-steal-token.json' with { type: 'json' }
import { startApp } from '../../support/running-app.ts'
import { checkToken, webServer } from '../../support/web-server.ts'

const file: LinkedFile = {
  fileId: 'group1/M00/00/00/abc.jpg',
  group: 'group1',
  name: 'photo.jpg',
  ext: 'jpg',
  sizeBytes: 12,
  folder: 'a/b',
  metadata: { author: 'Li', constructor: 'x' }
}
const link = (
  some: Partial<LinkedFile>,
  format: LinkOptions['format'],
  httpBase: LinkOptions['httpBase'],
  rest: Partial<LinkOptions> = {}
): string => formatLink({ ...file, ...some }, { format, httpBase, ...rest })
const base = { '': 'https://files.example', group2: 'http://two:8888/x' }

describe('links', () => {
  it('are the file ID, or the address of the group before it', () => {
    expect(link({}, 'id', {})).toBe('group1/M00/00/00/abc.jpg')
    expect(link({}, 'url', base)).toBe('https://files.example/group1/M00/00/00/abc.jpg')
    expect(link({ group: 'group2' }, 'url', base)).toBe('http://two:8888/x/group1/M00/00/00/abc.jpg')
  })

  it('show pictures as pictures and other files as links', () => {
    expect(link({}, 'markdown', base)).toBe('![photo.jpg](https://files.example/group1/M00/00/00/abc.jpg)')
    expect(link({ ext: 'zip', name: 'a.zip' }, 'html', base)).toBe('<a href="https://files.example/group1/M00/00/00/abc.jpg">a.zip</a>')
  })

  it('never let a name become markup', () => {
    const name = '"><script>alert(1)</script>\n](javascript:alert(1))'
    const html = link({ name }, 'html', base)
    expect(html).toMatch(/^<img src="[^"<>]+" alt="[^"<>]+">$/)
    const markdown = link({ name }, 'markdown', base)
    expect(markdown).not.toContain('\n')
    expect(markdown.replace(/\\./g, '')).toMatch(/^!\[[^\][]*\]\([^()]+\)$/)
  })

  it('need an address, and no name of a group finds one by accident', () => {
    expect(() => link({}, 'url', {})).toThrow('LINK_BASE_MISSING')
    expect(() => link({ group: 'constructor' }, 'url', {})).toThrow('LINK_BASE_MISSING')
  })
})

describe('links of other kinds', () => {
  it('are written for forums and style sheets, with nothing of a name or address becoming markup', () => {
    expect(link({}, 'bbcode', base)).toBe('[img]https://files.example/group1/M00/00/00/abc.jpg[/img]')
    const bbcode = link({ ext: 'zip', name: 'a[/url][img]x[/img]\nb' }, 'bbcode', { '': 'http://x/[b]' })
    expect(bbcode.replace(/^\[url=http:\/\/x\/%5Bb%5D\/group1\/M00\/00\/00\/abc\.jpg\]|\[\/url\]$/g, '')).not.toMatch(/[[\]\n]/)
    expect(link({}, 'css', { '': 'http://x/")}' })).toBe('url("http://x/%22)}/group1/M00/00/00/abc.jpg")')
  })

  it('follow a template of the user', () => {
    const template = '{id}|{name}|{ext}|{group}|{folder}|{size}|{meta.author}|{meta.none}|{meta.constructor}|{url}|{toString}|{unknown}'
    expect(link({ fileId: 'group1/M00/x' }, 'template', base, { template })).toBe(
      'group1/M00/x|photo.jpg|jpg|group1|a/b|12|Li||x|https://files.example/group1/M00/x|{toString}|{unknown}'
    )
    const metadata = { Width: ' 640 ', height: '480', author: 'Li' }
    expect(link({ metadata }, 'template', base, { template: '{width}x{height}' })).toBe('640x480')
    expect(link({ metadata: { width: '<b>' } }, 'template', base, { template: '{width}x{height}' })).toBe('x')
    // What a value holds is not filled in again, and '$&' is only text.
    expect(link({ name: '{id}$&' }, 'template', {}, { template: '<{name}>' })).toBe('<{id}$&>')
    expect(() => link({}, 'template', {}, { template: '{url}' })).toThrow('LINK_BASE_MISSING')
  })

  const downloadedName = async (name: string, rest: Partial<LinkOptions> = {}, path = ''): Promise<string> => {
    const files = new Map([[path === '' ? file.fileId : `${path}/${file.fileId}`, Buffer.from('x')]])
    const server = await webServer({ files })
    try {
      const url = link({ name }, 'url', { '': server.base + (path === '' ? '' : `/${path}`) }, { downloadName: true, ...rest })
      expect(url).toMatch(/^[\w:/.?&=%~-]+$/)
      const response = await fetch(url)
      expect(response.status).toBe(200)
      return Buffer.from(response.headers.get('content-disposition') ?? '', 'latin1').toString('utf8')
    } finally {
      await server.close()
    }
  }

  it.each([`${'长'.repeat(33)}.jpg`, '报告 2026（终稿）.pdf', "it's 50% & more?#+.txt", '\ud800half.txt', "()*!';"])(
    'arrive at the web server with the download name as it was: %s',
    async (name) => {
      expect(await downloadedName(name)).toBe(`attachment; filename="${name.toWellFormed()}"`)
    }
  )

  it('shorten a name that the web server would cut or refuse, before its extension and between characters', async () => {
    expect(await downloadedName(`${'长'.repeat(80)}.jpg`)).toBe(`attachment; filename="${'长'.repeat(32)}….jpg"`)
    expect(await downloadedName('x'.repeat(250))).toBe(`attachment; filename="${'x'.repeat(101)}…"`)
    const family = '👩‍👩‍👧‍👦'
    expect(await downloadedName(`${family.repeat(6)}.png`)).toBe(`attachment; filename="${family.repeat(3)}….png"`)
    // With a token and a long path less of the name has room in the address.
    const token = { secret: 's3cret', tsSeconds: () => 1_800_000_000 }
    const header = await downloadedName(
      `${'长'.repeat(33)}.jpg`,
      { token },
      'a-path-that-a-proxy-in-front-puts-before-everything/'.repeat(3) + 'x'
    )
    expect(header).toMatch(/^attachment; filename="长{10,30}…\.jpg"$/)
  })

  it.each(['a"b', 'a\rb', 'a\nSet-Cookie: x', 'a\u0000b', ''])('refuse a download name that could write a header: %j', (name) => {
    expect(() => link({ name }, 'url', base, { downloadName: true })).toThrow('LINK_NAME_INVALID')
  })
})

describe('tokens', () => {
  it.each(vectors.tokens)('are those of the servers: $fileIdWithoutGroup $ts', ({ fileIdWithoutGroup, secretKey, ts, token }) => {
    expect(antiStealToken(`group1/${fileIdWithoutGroup}`, secretKey, ts)).toBe(token)
  })

  it.each(vectors.checks)('are judged by the web server of the tests as by the real one: $name', (each) => {
    expect(checkToken(each.fileIdWithoutGroup, each.secretKey, each.token, each.ts, each.now, each.ttl)).toBe(each.result)
  })

  it('of an empty secret, or one that the servers have no room for, are refused', () => {
    expect(() => antiStealToken(file.fileId, '', 1)).toThrow('TOKEN_SECRET_INVALID')
    const remote = file.fileId.slice('group1/'.length)
    expect(antiStealToken(file.fileId, 'x'.repeat(308 - remote.length), 1)).toHaveLength(32)
    expect(() => antiStealToken(file.fileId, 'x'.repeat(309 - remote.length), 1)).toThrow('TOKEN_SECRET_INVALID')
  })

  it.each([60, 600, 86_400])('end after the lifetime that was asked for, whatever the server adds: %d s', async (lifetime) => {
    let now = 1_800_000_000
    const decoy = Buffer.from('decoy')
    const content = Buffer.from('the real bytes')
    const server = await webServer({
      files: new Map([[file.fileId, content]]),
      secret: 's3cret',
      ttlSeconds: 600,
      decoy,
      nowSeconds: () => now
    })
    try {
      const token = { secret: 's3cret', tsSeconds: () => tokenTimestamp(now * 1000, lifetime, 600) }
      const url = link({}, 'url', { '': server.base }, { token })
      const get = async () => Buffer.from(await (await fetch(url)).arrayBuffer())
      expect(await get()).toEqual(content)
      now += lifetime
      expect(await get()).toEqual(content)
      now += 1
      expect(await get()).toEqual(decoy)
    } finally {
      await server.close()
    }
  })

  it('never end by accident, and for ever when asked for', () => {
    expect(tokenTimestamp(5_000, 1, 600)).toBe(1)
    expect(tokenTimestamp(1_800_000_000_000, null, 600)).toBe(0)
  })
})

describe('token secrets', () => {
  const seal = {
    close: (secret: string) => Buffer.from(secret).toString('hex'),
    open: (sealed: string) => {
      if (sealed.startsWith('bad')) throw new Error('not mine')
      return Buffer.from(sealed, 'hex').toString()
    }
  }
  const folder = async (work: (dir: string) => Promise<void>) => {
    const dir = await mkdtemp(join(tmpdir(), 'fdfs-secrets-'))
    try {
      await work(dir)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  }
  const open = (dir: string, with_: typeof seal | null) => openSecrets(join(dir, 'secrets.json'), with_, Date.now, () => undefined)

  it('are sealed on disk, and there again after a restart', () =>
    folder(async (dir) => {
      const secrets = await open(dir, seal)
      await secrets.set('p1', 's3cret')
      await secrets.set('p2', 'other')
      await secrets.set('p2', null)
      expect(await readFile(join(dir, 'secrets.json'), 'utf8')).not.toContain('s3cret')
      const again = await open(dir, seal)
      expect([again.lasting, again.get('p1'), again.has('p2')]).toEqual([true, 's3cret', false])
    }))

  it('stay in memory where the system has no place for them', () =>
    folder(async (dir) => {
      const secrets = await open(dir, null)
      await secrets.set('p1', 's3cret')
      expect([secrets.lasting, secrets.get('p1')]).toEqual([false, 's3cret'])
      await expect(readFile(join(dir, 'secrets.json'))).rejects.toMatchObject({ code: 'ENOENT' })
    }))

  it('that were sealed elsewhere are absent, and survive a new one', () =>
    folder(async (dir) => {
      const first = await open(dir, { ...seal, close: () => 'bad' })
      await first.set('foreign', 'x')
      const secrets = await open(dir, seal)
      expect(secrets.has('foreign')).toBe(false)
      await secrets.set('p1', 'mine')
      expect(JSON.parse(await readFile(join(dir, 'secrets.json'), 'utf8'))).toMatchObject({ tokens: { foreign: 'bad' } })
    }))

  it('sign links of the application, are never told, and go with their connection', () =>
    folder(async (dir) => {
      const { app, call } = await startApp(dir)
      try {
        const fileId = 'group1/M00/00/00/fwAAA2sC_yqAdhusAAAABjY6MCA971.txt'
        const [profile] = (await call('profiles.save', { name: 'P', trackers: ['127.0.0.1:1'], httpBase: { '': 'http://files' } })).slice(
          -1
        )
        if (!profile) throw new Error('not saved')
        await call('profiles.activate', { id: profile.id })
        await call('files.add', { fileIds: [fileId] })
        const request = { selection: { query: {}, exceptIds: [] }, format: 'url' as const, signed: true, lifetimeSeconds: null }
        await expect(call('files.links', request)).rejects.toMatchObject({ code: 'TOKEN_SECRET_MISSING' })
        expect(await call('profiles.setToken', { id: profile.id, secret: 'FastDFS1234567890' })).toEqual({ present: true, lasting: false })
        const { text, expiresAt } = await call('files.links', request)
        expect([text, expiresAt]).toEqual([`http://files/${fileId}?token=e4353cad87f9c0b6b17b299c03c13fc6&ts=0`, undefined])
        const before = Date.now()
        const limited = await call('files.links', { ...request, lifetimeSeconds: 60 })
        expect(limited.expiresAt).toBeGreaterThanOrEqual(before + 60_000)
        expect(JSON.stringify(await call('app.info', {}))).not.toContain('FastDFS1234567890')
        expect(await readFile(join(dir, 'profiles.json'), 'utf8')).not.toContain('FastDFS1234567890')
        await call('profiles.remove', { id: profile.id })
        await expect(call('profiles.token', { id: profile.id })).rejects.toMatchObject({ code: 'PROFILE_UNKNOWN' })
      } finally {
        await app.close()
      }
    }))
})
