import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createClusterWatch } from '../../../src/main/app/cluster-watch.ts'
import type { StoreClient } from '../../../src/main/cluster/types.ts'
import { AppError } from '../../../src/shared/errors.ts'
import type { ClusterOverview, GroupInfo, TrackerInfo } from '../../../src/shared/model.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

/** Two profiles; each round of questions waits until the test lets it go. */
function setup() {
  const clock = createFakeClock()
  const rounds: { profileId: string; answer(result: string | Error): Promise<void> }[] = []
  const told: ClusterOverview[] = []
  let active = 'one'
  const trackers: TrackerInfo[] = []
  const named: string[] = []
  const watch = createClusterWatch({
    activeProfileId: () => active,
    trackers: () => named,
    clock,
    changed: (overview) => told.push(overview),
    client: (profileId) =>
      Promise.resolve({
        trackers: () => Promise.resolve(trackers),
        groups: () =>
          new Promise<GroupInfo[]>((resolve, reject) => {
            rounds.push({
              profileId,
              answer(result) {
                if (typeof result === 'string') resolve([{ name: result, storages: [] as unknown[] } as GroupInfo])
                else reject(result)
                return setImmediate()
              }
            })
          })
      } as unknown as StoreClient)
  })
  return { watch, clock, rounds, told, trackers, named, activate: (id: string) => (active = id) }
}

describe('the watch on the cluster', () => {
  it('asks once for everybody who wants to know at the same time, and again only when asked for fresh', async () => {
    const { watch, rounds } = setup()
    const answers = Promise.all([watch.overview(false), watch.overview(false), watch.overview(true)])
    await setImmediate()
    expect(rounds).toHaveLength(1)
    await rounds[0]?.answer('group1')
    expect((await answers).map((overview) => overview.groups[0]?.name)).toEqual(['group1', 'group1', 'group1'])
    await watch.overview(false)
    expect(rounds).toHaveLength(1)
    void watch.overview(true)
    await setImmediate()
    expect(rounds).toHaveLength(2)
  })

  it('asks every few seconds while somebody looks, never two rounds at a time, and stops when nobody does', async () => {
    const { watch, clock, rounds, told } = setup()
    watch.setAudience(1)
    watch.setAudience(2)
    await clock.advance(60_000)
    expect(rounds).toHaveLength(1)
    await rounds[0]?.answer('group1')
    watch.look()
    await clock.advance(5_000)
    expect(rounds).toHaveLength(2)
    await rounds[1]?.answer('group1')
    expect(told.map((overview) => overview.revision)).toEqual([1, 2])
    watch.setAudience(0)
    await clock.advance(60_000)
    expect(rounds).toHaveLength(2)
    expect(clock.pending).toBe(0)
  })

  it('asks seldom while nobody looks, and often again as soon as somebody does', async () => {
    const { watch, clock, rounds } = setup()
    watch.setAudience(1)
    await setImmediate()
    const answer = () => rounds.at(-1)?.answer('group1')
    await answer()
    await clock.advance(29_000)
    expect(rounds).toHaveLength(1)
    await clock.advance(1_000)
    expect(rounds).toHaveLength(2)
    await answer()
    await clock.advance(10_000)
    // The picture is older than whoever looks would have it.
    watch.look()
    await clock.advance(1)
    expect(rounds).toHaveLength(3)
    await answer()
    await clock.advance(5_000)
    expect(rounds).toHaveLength(4)
    await answer()
    await clock.advance(10_000)
    const soon = rounds.length
    await answer()
    await clock.advance(20_000)
    expect(rounds).toHaveLength(soon)
  })

  it('keeps the last known groups, with their time, beside the error of a cluster that went away', async () => {
    const { watch, clock, rounds } = setup()
    const first = watch.overview(true)
    await setImmediate()
    await rounds[0]?.answer('group1')
    const { takenAt } = await first
    await clock.advance(1_000)
    const second = watch.overview(true)
    await setImmediate()
    await rounds[1]?.answer(new AppError('TRACKER_UNREACHABLE'))
    expect(await second).toMatchObject({ takenAt, groups: [{ name: 'group1' }], error: { code: 'TRACKER_UNREACHABLE' }, revision: 2 })
  })

  it('never shows the answer of the profile before', async () => {
    const { watch, rounds, told, activate } = setup()
    watch.setAudience(1)
    await setImmediate()
    activate('two')
    watch.reset()
    const asked = watch.overview(false)
    await rounds[0]?.answer('of-one')
    await setImmediate()
    expect(rounds.map((round) => round.profileId)).toEqual(['one', 'two'])
    await rounds[1]?.answer('of-two')
    expect(await asked).toMatchObject({ profileId: 'two', groups: [{ name: 'of-two' }] })
    expect(told.map((overview) => overview.profileId)).toEqual(['two'])
  })

  it('tells since when no tracker knows a leader, and says nothing of trackers that do not tell', async () => {
    const { watch, clock, rounds, trackers } = setup()
    const tracker = (leader: boolean | null, leaderAddress?: string | null): TrackerInfo => ({
      address: 't',
      reachable: true,
      leader,
      latencyMs: 1,
      error: null,
      ...(leaderAddress === undefined ? {} : { leaderAddress })
    })
    const since = async (...now: TrackerInfo[]) => {
      trackers.splice(0, trackers.length, ...now)
      const taken = watch.overview(true)
      await setImmediate()
      await rounds.at(-1)?.answer('group1')
      await clock.advance(10_000)
      return (await taken).leaderlessSince
    }
    const began = clock.now()
    expect(await since(tracker(false, null), tracker(false))).toBe(began)
    expect(await since(tracker(false, null))).toBe(began)
    expect(await since(tracker(false, 'x:1'), tracker(false, null))).toBeUndefined()
    expect(await since(tracker(true), tracker(false, null))).toBeUndefined()
    expect(await since(tracker(false), tracker(null))).toBeUndefined()
  })

  it('remembers what each connection was seen to do, until that leads elsewhere', async () => {
    const { watch, clock, rounds, activate } = setup()
    const look = async () => {
      const answer = watch.overview(true)
      await setImmediate()
      await rounds.at(-1)?.answer('group1')
      return (await answer).takenAt
    }
    const began = await look()
    await clock.advance(60_000)
    activate('two')
    watch.reset()
    const other = await look()
    expect(watch.history(4)).toMatchObject({ from: other, to: other })
    activate('one')
    watch.reset()
    const last = await look()
    expect(watch.history(4)).toMatchObject({ from: began, to: last })
    expect(last).toBeGreaterThan(began)
    watch.forget('one')
    expect(watch.history(4)).toMatchObject({ from: 0, to: 0 })
  })

  it('shows a tracker with two addresses once, reached by the one that answers', async () => {
    const { watch, rounds, trackers, named } = setup()
    const info = (address: string, reachable: boolean): TrackerInfo => ({
      address,
      reachable,
      leader: reachable,
      latencyMs: null,
      error: reachable ? null : { code: 'CONNECT_TIMEOUT', message: '' }
    })
    named.push('10.0.0.1,files.example:22000', '10.0.0.2:22122', 'a,b:1')
    trackers.push(info('10.0.0.1:22000', false), info('files.example:22000', true), info('10.0.0.2:22122', false))
    trackers.push(info('a:1', false), info('b:1', false))
    const answer = watch.overview(true)
    await setImmediate()
    await rounds[0]?.answer('group1')
    expect((await answer).trackers.map(({ address, reachable, otherAddresses }) => [address, reachable, otherAddresses])).toEqual([
      ['files.example:22000', true, ['10.0.0.1:22000']],
      ['10.0.0.2:22122', false, undefined],
      ['a:1', false, ['b:1']]
    ])
  })

  it('tells nobody after it was closed', async () => {
    const { watch, clock, rounds, told } = setup()
    watch.setAudience(1)
    await setImmediate()
    watch.close()
    await rounds[0]?.answer('group1')
    await clock.advance(60_000)
    expect(told).toEqual([])
    expect(rounds).toHaveLength(1)
  })
})
