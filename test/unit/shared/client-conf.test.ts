import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseClientConf } from '../../../src/shared/client-conf.ts'

const REAL = `\ufeff# connect timeout in seconds
connect_timeout = 5
network_timeout=60
base_path = /home/yuqing/fastdfs

# tracker_server can occur more than once
tracker_server = 192.168.0.196:22122
tracker_server = 192.168.0.197
tracker_server = 10.0.0.1,122.244.141.46:22123
tracker_server = [fe80::1]:22124
log_level = info
use_connection_pool = false

#http.tracker_server_port = 1
http.tracker_server_port = 8080
##include http.conf
#include ../conf/http.conf
`

describe('client.conf', () => {
  it('is read as FastDFS reads it', () => {
    const http =
      'http.anti_steal.check_token=TRUE\r\nhttp.anti_steal.token_ttl=900\r\nhttp.anti_steal.secret_key=Fast=DFS #1\r\n[other]\r\nnetwork_timeout=1\r\n'
    expect(parseClientConf(REAL, (name) => (name === '../conf/http.conf' ? http : null))).toEqual({
      trackers: ['192.168.0.196:22122', '192.168.0.197:22122', '10.0.0.1,122.244.141.46:22123', '[fe80::1]:22124'],
      connectTimeoutMs: 5000,
      networkTimeoutMs: 60_000,
      tokenSecret: 'Fast=DFS #1',
      tokenTtlSeconds: 900,
      httpBase: 'http://192.168.0.196:8080',
      notes: []
    })
  })

  it('tells what it could not use', () => {
    const text = [
      'tracker_server = http://x:1',
      'tracker_server =',
      'connect_timeout = soon',
      'network_timeout = 0',
      'what is this',
      '#include http.conf',
      ...Array.from({ length: 18 }, (_, index) => `tracker_server = 10.0.0.${index + 1}`)
    ].join('\n')
    const { trackers, notes, ...rest } = parseClientConf(text)
    expect(trackers).toHaveLength(16)
    expect(rest).toEqual({})
    expect(notes.map(({ code }) => code)).toEqual([
      'notUnderstood',
      'includeMissing',
      'trackerInvalid',
      'trackerInvalid',
      'tooManyTrackers',
      'tooManyTrackers',
      'numberInvalid',
      'numberInvalid'
    ])
  })

  it('takes no secret where tokens are switched off', () => {
    expect(parseClientConf('http.anti_steal.check_token = no\nhttp.anti_steal.secret_key = x').tokenSecret).toBeUndefined()
    expect(parseClientConf('http.anti_steal.secret_key = x').tokenSecret).toBe('x')
  })

  it('ends for files that include themselves or each other', () => {
    const files: Record<string, string> = { a: '#include b\ntracker_server=1.1.1.1', b: '#include a\n#include b\ntracker_server=2.2.2.2' }
    const { trackers, notes } = parseClientConf('#include a', (name) => files[name] ?? null)
    expect(trackers).toEqual(['2.2.2.2:22122', '1.1.1.1:22122'])
    expect(notes.map(({ code }) => code)).toEqual(['includeDepth', 'includeDepth'])
    // Each file includes the next two: without a limit that is 2^n files.
    let count = 0
    parseClientConf('#include 0', (name) => {
      count += 1
      return `#include ${name}0\n#include ${name}1`
    })
    expect(count).toBeLessThan(20)
  })

  it('survives any text, quickly', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'tracker_server = ',
        '#include x',
        '[a]',
        '__proto__ = 1',
        'constructor=2',
        'tracker_server = [::1',
        'connect_timeout=1e9'
      )
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { trackers, notes } = parseClientConf(lines.join('\n'), () => lines.join('\n'))
        return trackers.length <= 16 && notes.length <= 50
      })
    )
    const long = parseClientConf(`${'#'.repeat(1_000_001)}\ntracker_server = 1.1.1.1`)
    expect(long).toEqual({ trackers: [], notes: [{ code: 'tooLong', text: '' }] })
  })
})
