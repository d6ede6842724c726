import { expect, test } from 'vitest'
import { embeddedCluster } from '../../chaos/cluster.ts'
import { playSuite } from '../../chaos/suite.ts'

test('a round of the long fault suite: a host that is killed, a network that lies, storages that die', async () => {
  const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  const cluster = await embeddedCluster()
  try {
    const report = await playSuite({ cluster, rounds: 1, seed, stormMs: 1_200, settleMs: 120_000, say: () => undefined })
    expect(report).toMatchObject({ files: 12, rounds: 1, seed })
    expect(report.orphans.length).toBeLessThanOrEqual(report.possibleOrphans)
  } finally {
    await cluster.close()
  }
}, 240_000)
