import { expect, test } from 'vitest'
import {
  formatAddress,
  formatTracker,
  isIPv4,
  isIPv6,
  normalWebBase,
  parseTracker,
  parseTrackerAddress
} from '../../../src/shared/address.ts'

test.each([
  ['10.0.0.1:22122', { host: '10.0.0.1', port: 22122 }],
  ['10.0.0.1', { host: '10.0.0.1', port: 22122 }],
  ['  tracker-1.example.com:22000 \n', { host: 'tracker-1.example.com', port: 22000 }],
  ['localhost', { host: 'localhost', port: 22122 }],
  ['tracker_1:1', { host: 'tracker_1', port: 1 }],
  ['[::1]', { host: '::1', port: 22122 }],
  ['[fe80::1%eth0]:23', { host: 'fe80::1%eth0', port: 23 }],
  ['[2001:db8::192.0.2.1]:65535', { host: '2001:db8::192.0.2.1', port: 65535 }],
  ['10.0.0.1：22122', { host: '10.0.0.1', port: 22122 }],
  ['１０.０.０.１:２２', { host: '10.0.0.1', port: 22 }],
  ['存储.example.com', { host: '存储.example.com', port: 22122 }],
  ['example.com.', { host: 'example.com.', port: 22122 }]
])('%j is understood', (text, expected) => {
  expect(parseTrackerAddress(text)).toEqual(expected)
})

test.each([
  '',
  '   ',
  ':22122',
  'host:',
  'host:0',
  'host:65536',
  'host:22a',
  'host:-1',
  'host:1:2',
  '::1',
  '::1:22122',
  '2001:db8::1',
  '[::1',
  '[::1]22122',
  '[10.0.0.1]:1',
  '[]:1',
  '[::1]:',
  '[1::2::3]',
  '[12345::]',
  '10.0.0.256',
  '10.0.0',
  '1',
  '010.0.0.1',
  'http://10.0.0.1:22122',
  'user@host:1',
  'a b:1',
  'host\u0000:1',
  'host\n:1',
  '-host',
  'host-',
  'a..b',
  `${'a'.repeat(64)}.com`,
  `${'a.'.repeat(130)}com`,
  'x'.repeat(10_000)
])('%j is refused', (text) => {
  expect(() => parseTrackerAddress(text)).toThrow(
    expect.objectContaining({ code: 'ADDRESS_INVALID', detail: expect.objectContaining({ reason: expect.any(String) }) })
  )
})

test.each([
  ['10.0.0.1', '10.0.0.1:22122'],
  ['10.0.0.1,192.168.1.1:22000', '10.0.0.1,192.168.1.1:22000'],
  [' inner.example , [fd00::1]:1 ', 'inner.example,[fd00::1]:1'],
  ['[::1],10.0.0.1', '[::1],10.0.0.1:22122']
])('the tracker %j is %j', (text, normal) => {
  expect(formatTracker(parseTracker(text))).toBe(normal)
  expect(parseTracker(normal)).toEqual(parseTracker(text))
})

test.each(['a:22000,b:22000', 'a:22000,b', 'a,b,c:22000', 'a,:22000', ''])('%j is not one tracker', (text) => {
  expect(() => parseTracker(text)).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID' }))
})

test.each(['not an address', 'http://not an address', 'http://a%20b', 'ftp://x', 'http://u:p@x', 'http://x/?q', 'http://x#a', ''])(
  '%j is no beginning of links',
  (text) => {
    expect(normalWebBase(text)).toBeNull()
  }
)

test('an IPv6 address without brackets is told what it lacks', () => {
  expect(() => parseTrackerAddress('2001:db8::1')).toThrow(
    expect.objectContaining({ detail: expect.objectContaining({ reason: 'write an IPv6 address in brackets' }) })
  )
})

test('what is written is read again', () => {
  for (const address of [
    { host: '10.0.0.1', port: 1 },
    { host: '::1', port: 65535 },
    { host: 'a.b', port: 22122 }
  ]) {
    expect(parseTrackerAddress(formatAddress(address))).toEqual(address)
  }
  expect(formatAddress({ host: '::1', port: 2 })).toBe('[::1]:2')
})

test('IP addresses are told from what only looks like them', () => {
  expect(['0.0.0.0', '255.255.255.255'].every(isIPv4)).toBe(true)
  expect(['1.2.3', '1.2.3.4.5', '1.2.3.04', '1.2.3.', 'a.b.c.d', ''].some(isIPv4)).toBe(false)
  expect(['::', '::1', '1::', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', 'fe80::1%1'].every(isIPv6)).toBe(true)
  expect(['', ':', ':::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8', 'g::', '::1.2.3', '::1%', ':1'].some(isIPv6)).toBe(
    false
  )
})
