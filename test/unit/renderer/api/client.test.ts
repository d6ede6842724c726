import { describe, expect, it } from 'vitest'
import { createClient } from '../../../../src/renderer/api/client.ts'
import type { TransferSnapshot } from '../../../../src/shared/model.ts'
import { createFakeLink, settled } from '../../../support/fake-link.ts'

const libraryChange = (revision: number) => ({ revision, profileId: 'p' })

describe('the client', () => {
  it('resolves a call with its answer and keeps answers apart that arrive in another order', async () => {
    const answers: ((ids: number[]) => void)[] = []
    const link = createFakeLink({ 'files.ids': () => new Promise<number[]>((resolve) => answers.push(resolve)) })
    const client = createClient(link)
    const first = client.call('files.ids', { view: 1, start: 0, count: 1 })
    const second = client.call('files.ids', { view: 1, start: 1, count: 1 })
    await settled()
    answers[1]?.([22])
    answers[0]?.([11])
    await expect(Promise.all([first, second])).resolves.toEqual([[11], [22]])
  })

  it('rejects with the code and the facts that the program answered', async () => {
    const link = createFakeLink({
      'files.folders': () => {
        // oxlint-disable-next-line typescript/only-throw-error -- errors cross the link as data
        throw { code: 'LIBRARY_LOCKED', message: 'locked', detail: { path: '/data' } }
      }
    })
    await expect(createClient(link).call('files.folders', {})).rejects.toMatchObject({ code: 'LIBRARY_LOCKED', detail: { path: '/data' } })
  })

  it('makes INTERNAL of a code that is not in the table', async () => {
    const link = createFakeLink({
      'files.folders': () => {
        // oxlint-disable-next-line typescript/only-throw-error -- errors cross the link as data
        throw { code: 'EVIL', message: 'x' }
      }
    })
    await expect(createClient(link).call('files.folders', {})).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('fails pending and later calls with LINK_LOST while the link is away', async () => {
    const link = createFakeLink()
    const client = createClient(link)
    const pending = client.call('files.folders', {})
    link.setUp(false)
    await expect(pending).rejects.toMatchObject({ code: 'LINK_LOST' })
    await expect(client.call('files.groups', {})).rejects.toMatchObject({ code: 'LINK_LOST' })
    expect(link.calls.map((call) => call.name)).toEqual(['files.folders'])
  })

  it('keeps calls until the link is up for the first time', async () => {
    const link = createFakeLink({ 'files.groups': () => [] })
    link.setUp(false)
    const client = createClient(link)
    const early = client.call('files.groups', {})
    await settled()
    expect(link.calls).toEqual([])
    link.setUp(true)
    await expect(early).resolves.toEqual([])
  })

  it('tells listeners to fetch again after a loss, but not at the first start', () => {
    const link = createFakeLink()
    link.setUp(false)
    const client = createClient(link)
    let times = 0
    client.onReconnect(() => (times += 1))
    link.setUp(true)
    expect(times).toBe(0)
    link.setUp(false)
    link.setUp(true)
    expect(times).toBe(1)
  })

  it('drops an event that is not newer than the last of its name', () => {
    const link = createFakeLink()
    const seen: number[] = []
    createClient(link).on('library.changed', ({ revision }) => seen.push(revision))
    for (const revision of [3, 2, 3, 4]) link.emit('library.changed', libraryChange(revision))
    link.emit('transfers.changed', { revision: 1 } as TransferSnapshot)
    expect(seen).toEqual([3, 4])
  })

  it('takes small revisions again from a program that started anew', () => {
    const link = createFakeLink()
    const seen: number[] = []
    createClient(link).on('library.changed', ({ revision }) => seen.push(revision))
    link.emit('library.changed', libraryChange(90))
    link.setUp(false)
    link.setUp(true)
    link.emit('library.changed', libraryChange(1))
    expect(seen).toEqual([90, 1])
  })

  it('stops telling a listener that unsubscribed', () => {
    const link = createFakeLink()
    const seen: number[] = []
    const stop = createClient(link).on('library.changed', ({ revision }) => seen.push(revision))
    link.emit('library.changed', libraryChange(1))
    stop()
    link.emit('library.changed', libraryChange(2))
    expect(seen).toEqual([1])
  })
})
