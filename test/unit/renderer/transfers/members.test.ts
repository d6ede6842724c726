import { describe, expect, it } from 'vitest'
import { createClient } from '../../../../src/renderer/api/client.ts'
import type { Members, MembersStore } from '../../../../src/renderer/features/transfers/members.ts'
import { atEnd, createMembers, loadedCount, memberAt } from '../../../../src/renderer/features/transfers/members.ts'
import type { TransferTag, TransferView } from '../../../../src/shared/model.ts'
import { createFakeLink, settled } from '../../../support/fake-link.ts'
import { batch, transfer } from './samples.ts'

/** A program with one batch of `tags.length` members, their seq being their place. */
function program(tags: TransferTag[]) {
  const link = createFakeLink({
    'transfers.page': (input) => {
      const rows: TransferView[] = []
      for (let seq = input.afterSeq + 1; seq < tags.length; seq++) {
        const tag = tags[seq] as TransferTag
        if (input.tags !== undefined && !input.tags.includes(tag)) continue
        rows.push(transfer(seq, { tag }))
        if (rows.length === input.limit) return { rows, cursor: seq }
      }
      return { rows, cursor: null }
    }
  })
  return { link, members: createMembers(createClient(link)) }
}
const many = (count: number, tag: TransferTag): TransferTag[] => Array.from({ length: count }, () => tag)
const of = (members: MembersStore): Members => members.use.getState()[1] as Members
const names = (shown: Members): number[] => Array.from({ length: loadedCount(shown) }, (_, index) => memberAt(shown, index)?.id ?? -1)

describe('the members of an opened batch', () => {
  it('come page by page until the end, each once', async () => {
    const { link, members } = program(many(450, 'queued'))
    members.open(batch(1), 'all')
    await settled()
    expect([loadedCount(of(members)), atEnd(of(members))]).toEqual([200, false])
    members.more(batch(1))
    members.more(batch(1))
    await settled()
    expect(loadedCount(of(members))).toBe(400)
    members.more(batch(1))
    await settled()
    members.more(batch(1))
    await settled()
    expect(names(of(members))).toEqual(Array.from({ length: 450 }, (_, index) => index))
    expect(atEnd(of(members))).toBe(true)
    expect(link.calls.length).toBe(3)
  })

  it('are asked for by the tags of the filter', async () => {
    const { link, members } = program(['done', 'failed', 'skipped', 'failed', 'paused'])
    members.open(batch(1), 'failed')
    await settled()
    expect(names(of(members))).toEqual([1, 3])
    members.open(batch(1), 'waiting')
    await settled()
    expect(names(of(members))).toEqual([4])
    expect(link.calls.map((call) => (call.input as { tags: string[] }).tags)).toEqual([['failed'], ['queued', 'waiting', 'paused']])
  })

  it('are fetched again only where they are seen and only when the batch has moved on', async () => {
    const tags = many(450, 'queued')
    const { link, members } = program(tags)
    const before = batch(1, { counts: { queued: 450 } })
    members.open(before, 'all')
    await settled()
    members.more(before)
    await settled()
    members.refresh(before, 210, 230)
    await settled()
    expect(link.calls.length).toBe(2)
    tags[5] = 'done'
    tags[220] = 'failed'
    members.refresh(batch(1, { counts: { queued: 448, done: 1, failed: 1 } }), 210, 230)
    await settled()
    expect(link.calls.length).toBe(3)
    expect(memberAt(of(members), 220)?.tag).toBe('failed')
    expect(memberAt(of(members), 5)?.tag).toBe('queued')
    expect(loadedCount(of(members))).toBe(400)
  })

  it('show nobody twice when those that left the filter moved the pages', async () => {
    const tags = many(600, 'queued')
    const { members } = program(tags)
    const before = batch(1, { counts: { queued: 600 } })
    members.open(before, 'waiting')
    await settled()
    members.more(before)
    await settled()
    expect(loadedCount(of(members))).toBe(400)
    for (let seq = 0; seq < 50; seq++) tags[seq] = 'done'
    const after = batch(1, { counts: { queued: 550, done: 50 } })
    members.refresh(after, 0, 20)
    await settled()
    while (!atEnd(of(members))) {
      members.more(after)
      await settled()
    }
    expect(names(of(members))).toEqual(Array.from({ length: 550 }, (_, index) => index + 50))
  })

  it('grow at the end while files are still being found', async () => {
    const tags = many(3, 'queued')
    const { members } = program(tags)
    members.open(batch(1, { scanning: true, counts: { queued: 3 } }), 'all')
    await settled()
    expect(atEnd(of(members))).toBe(true)
    tags.push('queued', 'queued')
    members.refresh(batch(1, { scanning: true, counts: { queued: 5 } }), 0, 2)
    await settled()
    expect(loadedCount(of(members))).toBe(5)
  })

  it('tell what went wrong, and come after another try', async () => {
    const { link, members } = program(many(3, 'queued'))
    const good = link.answers['transfers.page']
    link.answers['transfers.page'] = () => {
      // oxlint-disable-next-line typescript/only-throw-error -- errors cross the link as data
      throw { code: 'LIBRARY_FAILED', message: 'disk' }
    }
    members.open(batch(1), 'all')
    await settled()
    expect(of(members).error?.code).toBe('LIBRARY_FAILED')
    expect(of(members).loading).toBe(false)
    link.answers['transfers.page'] = good
    members.more(batch(1))
    await settled()
    expect([of(members).error, loadedCount(of(members))]).toEqual([null, 3])
  })

  it('drop an answer that comes after the batch was closed or shown otherwise', async () => {
    const answers: ((page: { rows: TransferView[]; cursor: number | null }) => void)[] = []
    const link = createFakeLink({ 'transfers.page': () => new Promise((resolve) => answers.push(resolve)) })
    const members = createMembers(createClient(link))
    members.open(batch(1), 'all')
    await settled()
    members.open(batch(1), 'failed')
    await settled()
    answers[0]?.({ rows: [transfer(1)], cursor: null })
    await settled()
    expect(loadedCount(of(members))).toBe(0)
    answers[1]?.({ rows: [transfer(2)], cursor: null })
    await settled()
    expect(names(of(members))).toEqual([2])
    members.close(1)
    expect(members.use.getState()).toEqual({})
  })

  it('end even when the program names a next page that is no further', async () => {
    const link = createFakeLink({ 'transfers.page': () => ({ rows: [transfer(1)], cursor: -1 }) })
    const members = createMembers(createClient(link))
    members.open(batch(1), 'all')
    await settled()
    expect(atEnd(of(members))).toBe(true)
  })
})
