import { beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../../../../src/renderer/api/client.ts'
import { refreshCluster, startCluster, useCluster } from '../../../../src/renderer/features/cluster/store.ts'
import type { ClusterOverview } from '../../../../src/shared/model.ts'
import { createFakeLink, settled } from '../../../support/fake-link.ts'

const picture = (revision: number, takenAt = revision): ClusterOverview => ({
  revision,
  profileId: 'p',
  takenAt,
  trackers: [],
  groups: [],
  error: null
})
beforeEach(() => useCluster.setState({ overview: null, refreshing: false, error: null }, true))

describe('the picture of the cluster', () => {
  it('is asked once and then follows the events, never back to an older one', async () => {
    const link = createFakeLink({ 'cluster.overview': () => picture(3) })
    const stop = startCluster(createClient(link))
    link.emit('cluster.changed', picture(5))
    await settled()
    expect(useCluster.getState().overview?.revision).toBe(5)
    link.emit('cluster.changed', picture(6))
    expect(useCluster.getState().overview?.revision).toBe(6)
    stop()
    link.emit('cluster.changed', picture(7))
    expect(useCluster.getState().overview?.revision).toBe(6)
  })

  it('is taken from a program that began anew, although its revisions are lower', async () => {
    const link = createFakeLink({ 'cluster.overview': () => picture(90) })
    const stop = startCluster(createClient(link))
    await settled()
    link.setUp(false)
    expect(useCluster.getState().overview?.takenAt).toBe(90)
    link.answers['cluster.overview'] = () => picture(1, 200)
    link.setUp(true)
    await settled()
    expect(useCluster.getState().overview?.takenAt).toBe(200)
    stop()
  })

  it('is asked afresh once, however often the user asks while it is under way', async () => {
    let answer: (taken: ClusterOverview) => void = () => undefined
    const link = createFakeLink({ 'cluster.overview': () => new Promise((resolve) => (answer = resolve)) })
    const client = createClient(link)
    const first = refreshCluster(client)
    await refreshCluster(client)
    await settled()
    expect(link.calls).toEqual([{ name: 'cluster.overview', input: { fresh: true } }])
    expect(useCluster.getState().refreshing).toBe(true)
    answer(picture(4))
    await first
    expect(useCluster.getState()).toMatchObject({ refreshing: false, overview: { revision: 4 } })
  })

  it('shows why the program could not be asked', async () => {
    const link = createFakeLink({
      'cluster.overview': () => {
        // oxlint-disable-next-line typescript/only-throw-error -- errors cross the link as data
        throw { code: 'PROFILE_UNKNOWN', message: 'gone' }
      }
    })
    await refreshCluster(createClient(link))
    expect(useCluster.getState()).toMatchObject({ refreshing: false, error: { code: 'PROFILE_UNKNOWN' } })
  })
})
