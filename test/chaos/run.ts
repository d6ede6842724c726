/**
 * npm run test:chaos: the long fault suite. Rounds of upload, download and zip in a host process that is killed, through a network
 * that cuts, stalls, corrupts and loses answers, to storages that are killed and whose disks are full. By default against an embedded
 * cluster; against a real one with --tracker and hooks that hurt it:
 *
 *   npm run test:chaos -- --rounds 200 --seed 42
 *   npm run test:chaos -- --tracker 10.0.0.5:22122 --group group1 --storage s1=/data/s1/data --storage s2=/data/s2/data \
 *     --kill 'cluster.sh kill-one {}' --start 'cluster.sh start-one {}' [--fill 'fill.sh full {}' --free 'fill.sh free {}'] \
 *     [--stop-tracker 'cluster.sh stop-one t1' --start-tracker 'cluster.sh start-one t1']
 *
 * A real storage whose disk is full may end by itself (its log cannot be written): --free has to start it again.
 *
 * --big 5G: instead, one file of that size up and down again, the host killed in the middle of each; prints the bytes sent twice.
 */
import { parseArgs } from 'node:util'
import { playBig, sizeOf } from './big.ts'
import { embeddedCluster, realCluster } from './cluster.ts'
import { playSuite } from './suite.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string' },
    'storm-ms': { type: 'string', default: '1500' },
    big: { type: 'string' },
    'settle-ms': { type: 'string', default: '300000' },
    tracker: { type: 'string' },
    group: { type: 'string', default: 'group1' },
    storage: { type: 'string', multiple: true, default: [] },
    kill: { type: 'string', default: '' },
    start: { type: 'string', default: '' },
    fill: { type: 'string' },
    free: { type: 'string' },
    'stop-tracker': { type: 'string' },
    'start-tracker': { type: 'string' }
  }
})

const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const { tracker, group, storage, kill, start, fill, free } = values
const cluster =
  tracker === undefined
    ? await embeddedCluster()
    : await realCluster({
        tracker,
        group,
        storages: storage,
        kill,
        start,
        fill,
        free,
        stopTracker: values['stop-tracker'],
        startTracker: values['start-tracker']
      })
if (values.big === undefined) say(`seed ${seed}, ${values.rounds} rounds against ${tracker ?? 'an embedded cluster'}`)
const began = performance.now()
try {
  if (values.big === undefined) await rounds()
  else say(JSON.stringify(await playBig(cluster, sizeOf(values.big), say), null, 2))
} catch (error) {
  say(String(error))
  process.exitCode = 1
} finally {
  await cluster.close()
}
process.exit()

async function rounds(): Promise<void> {
  const report = await playSuite({
    cluster,
    rounds: Number(values.rounds),
    seed,
    stormMs: Number(values['storm-ms']),
    settleMs: Number(values['settle-ms']),
    say
  })
  say(JSON.stringify(report, null, 2))
  say(`all right: ${report.files} files at their source and on every replica, in ${Math.round((performance.now() - began) / 1000)} s`)
}
