import { describe, expect, it } from 'vitest'
import { createClient } from '../../../../src/renderer/api/client.ts'
import { followWishes } from '../../../../src/renderer/features/desktop/wishes.ts'
import type { HostWish } from '../../../../src/shared/contract.ts'
import { createFakeLink } from '../../../support/fake-link.ts'

const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('what the desktop wants of the window', () => {
  it('is taken at start and whenever there is more, and done once', async () => {
    const waiting: HostWish[] = [{ tag: 'upload', paths: ['/a'] }]
    const link = createFakeLink({ 'host.wishes': () => waiting.splice(0) })
    const granted: HostWish[] = []
    const stop = followWishes(createClient(link), (wish) => granted.push(wish))
    await settled()
    expect(granted).toEqual([{ tag: 'upload', paths: ['/a'] }])
    waiting.push({ tag: 'command', command: 'palette' }, { tag: 'batch', batchId: 3 })
    link.emit('host.wished', { revision: 1 })
    await settled()
    expect(granted.slice(1)).toEqual([
      { tag: 'command', command: 'palette' },
      { tag: 'batch', batchId: 3 }
    ])
    stop()
    waiting.push({ tag: 'batch', batchId: 4 })
    link.emit('host.wished', { revision: 2 })
    await settled()
    expect([granted.length, waiting.length]).toEqual([3, 1])
  })

  it('is nothing in a host that does not answer', async () => {
    const link = createFakeLink({
      'host.wishes': () => {
        throw { code: 'INTERNAL', message: 'INTERNAL' }
      }
    })
    followWishes(createClient(link), () => expect.unreachable())
    await settled()
    expect(link.calls).toHaveLength(1)
  })
})
