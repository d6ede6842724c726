import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStorageId, looksLikeStorageIds, parseStorageIds } from '../../../src/shared/storage-ids.ts'

const REAL = `# <id>  <group_name>  <ip_or_hostname[:port]> [options]
#
100001   group1  192.168.0.196
100002   group1  192.168.0.116,10.0.0.116:23001  rw=both
100003\tgroup2  storage3.example:23002 rw=readonly\r
100004   group2  [fe80::1]:23003
100005   group2  fe80::2,10.0.0.5
`

describe('storage_ids.conf', () => {
  it('is read as FastDFS reads it', () => {
    expect(parseStorageIds(REAL)).toEqual({
      storages: {
        '100001': ['192.168.0.196'],
        '100002': ['192.168.0.116:23001', '10.0.0.116:23001'],
        '100003': ['storage3.example:23002'],
        '100004': ['[fe80::1]:23003'],
        '100005': ['[fe80::2]', '10.0.0.5']
      },
      notes: []
    })
    expect(looksLikeStorageIds(REAL)).toBe(true)
    expect(looksLikeStorageIds('# c\ntracker_server = 10.0.0.1:22122\n')).toBe(false)
  })

  it('tells the lines that it does not understand, and takes the others', () => {
    const { storages, notes } = parseStorageIds(
      '0 group1 a\n16777216 group1 a\n7 gro/up a\n8 group1 a,b,c\n9 group1 a rw=maybe\n9 group1 a:99999\n10 group1 a\n10 group1 b\n'
    )
    expect(storages).toEqual({ '10': ['a'] })
    expect(notes).toHaveLength(7)
  })

  it('gives a result for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { storages } = parseStorageIds(text)
        expect(Object.entries(storages).every(([id, addresses]) => isStorageId(id) && addresses.length > 0)).toBe(true)
      })
    )
  })
})
