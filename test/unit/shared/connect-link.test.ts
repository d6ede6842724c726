import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProfileInputSchema } from '../../../src/shared/contract.ts'
import { formatConnectLink, parseConnectLink } from '../../../src/shared/connect-link.ts'
import { AppError } from '../../../src/shared/errors.ts'

const link = (query: string): string => `fastdfs-desktop://connect?${query}`

describe('connect links', () => {
  it('propose a connection with every address in its normal form', () => {
    const text = link(
      'tracker=10.0.0.1&tracker=%5B::1%5D:22123&tracker=a,b:22000&name=%E7%94%9F%E4%BA%A7&group=group1&http=https://f.example/x/' +
        '&http.group2=http://two:8888&map=172.17.0.3:23000%3Efiles.example:23000&map=172.17.0.4%3E10.0.0.9&map=10.0.0.7%3E%5Bfe80::1%5D&readonly=1&connect=3' +
        '&network=60&ttl=900&color=red&environment=production'
    )
    expect(parseConnectLink(text)).toEqual({
      name: '生产',
      trackers: ['10.0.0.1:22122', '[::1]:22123', 'a,b:22000'],
      defaultGroup: 'group1',
      httpBase: { '': 'https://f.example/x', group2: 'http://two:8888' },
      addressMap: { '172.17.0.3:23000': 'files.example:23000', '172.17.0.4': '10.0.0.9', '10.0.0.7': '[fe80::1]' },
      readOnly: true,
      connectTimeoutMs: 3000,
      networkTimeoutMs: 60_000,
      tokenTtlSeconds: 900,
      color: 'red',
      environment: 'production'
    })
  })

  it('need a tracker only, and are called after it', () => {
    const proposal = parseConnectLink(' FASTDFS-desktop://connect/?tracker=files.example ')
    expect(proposal).toEqual({
      name: 'files.example:22122',
      trackers: ['files.example:22122'],
      readOnly: false,
      httpBase: {},
      addressMap: {}
    })
  })

  it.each([
    ['name=x', 'tracker'],
    ['tracker=', 'tracker'],
    ['tracker=http://x', 'tracker'],
    ['tracker=x&tracker=y%0d%0az', 'tracker'],
    [Array.from({ length: 17 }, (_, index) => `tracker=h${index}`).join('&'), 'tracker'],
    ['tracker=x&id=builtin', 'id'],
    ['tracker=x&secret=s', 'secret'],
    ['tracker=x&tokenSecret=s', 'tokenSecret'],
    ['tracker=x&__proto__=y', '__proto__'],
    ['tracker=x&name=a&name=b', 'name'],
    ['tracker=x&name=%E2%80%AEexe', 'name'],
    ['tracker=x&name=a%00b', 'name'],
    [`tracker=x&name=${'n'.repeat(121)}`, 'name'],
    ['tracker=x&http=javascript:alert(1)', 'http'],
    ['tracker=x&http=file:///etc/passwd', 'http'],
    ['tracker=x&http=http://user:pass@h', 'http'],
    ['tracker=x&http.gr%20oup=http://h', 'http.gr oup'],
    ['tracker=x&http.g=http://h&http.g=http://i', 'http.g'],
    ['tracker=x&map=a%3Eb%3Ec', 'map'],
    ['tracker=x&map=a', 'map'],
    ['tracker=x&map=a%3Eb&map=a%3Ec', 'map'],
    ['tracker=x&group=..%2F..', 'group'],
    ['tracker=x&readonly=yes', 'readonly'],
    ['tracker=x&connect=0', 'connect'],
    ['tracker=x&network=1e3', 'network'],
    ['tracker=x&color=url(x)', 'color'],
    [`tracker=x${'&'.repeat(9000)}`, 'too long'],
    [`tracker=x${'&map=a'.repeat(101)}`, 'too long']
  ])('are refused whole when a part of them is wrong: %.60s', (query, reason) => {
    const failure = (() => {
      try {
        return parseConnectLink(link(query))
      } catch (error) {
        return error
      }
    })()
    expect(failure).toMatchObject({ code: 'CONNECT_LINK_INVALID', detail: { reason } })
  })

  it.each(['', 'http://connect?tracker=x', 'fastdfs-desktop://other?tracker=x', 'fastdfs-desktop:connect?tracker=x', '"; rm -rf /'])(
    'are nothing else: %j',
    (text) => expect(() => parseConnectLink(text)).toThrow('CONNECT_LINK_INVALID')
  )

  it('of any content give a connection that the contract takes, or are refused', () => {
    const parameter = fc.tuple(
      fc.oneof(
        fc.constantFrom('tracker', 'name', 'http', 'http.g', 'map', 'ttl', 'group', 'color'),
        fc.string({ maxLength: 8, unit: 'binary' })
      ),
      fc.oneof(fc.string({ maxLength: 30, unit: 'binary' }), fc.constantFrom('a:1', 'http://h', 'a>b', '5', 'red'))
    )
    fc.assert(
      fc.property(fc.array(parameter, { maxLength: 6 }), (parameters) => {
        const text = link(
          `tracker=a&${parameters.map((pair) => pair.map((part) => encodeURIComponent(part.toWellFormed())).join('=')).join('&')}`
        )
        const fits = (() => {
          try {
            return ProfileInputSchema.safeParse(parseConnectLink(text)).success
          } catch (error) {
            return error instanceof AppError && error.code === 'CONNECT_LINK_INVALID'
          }
        })()
        expect(fits).toBe(true)
      }),
      { numRuns: 2000 }
    )
  })

  it('of a connection lead to the same connection, without anything secret', () => {
    const profile = {
      name: '图片 & more',
      trackers: ['10.0.0.1:22122', '[::1]:1'],
      readOnly: true,
      connectTimeoutMs: 5000,
      networkTimeoutMs: 30_000,
      httpBase: { '': 'http://f', group2: 'https://two/x' },
      defaultGroup: 'group2',
      addressMap: { '172.17.0.3:23000': 'h:23000' },
      groupInLinks: false,
      tokenTtlSeconds: 600,
      color: 'teal' as const,
      environment: 'staging' as const
    }
    expect(parseConnectLink(formatConnectLink(profile))).toEqual(profile)
  })
})
