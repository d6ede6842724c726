import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Endpoint } from '../../src/main/client/types.ts'
import { createStoreClient } from '../../src/main/cluster/index.ts'
import { formatAddress, parseTrackerAddress } from '../../src/shared/address.ts'
import { startCluster } from '../support/cluster.ts'

const run = promisify(execFile)

/** A cluster that can be hurt. Servers go by the names that its hooks understand. */
export interface HurtableCluster {
  tracker: Endpoint
  /** null: its hooks cannot restart the tracker. `up` false = stop it. */
  switchTracker: ((up: boolean) => Promise<void>) | null
  /** The storages of the group that is used. */
  storages: { name: string; endpoint: Endpoint; dataDir: string | null }[]
  group: string
  kill(name: string): Promise<void>
  start(name: string): Promise<void>
  /** null: its disks cannot be filled. */
  fill: ((name: string, full: boolean) => Promise<void>) | null
  close(): Promise<void>
}

export async function embeddedCluster(): Promise<HurtableCluster> {
  const cluster = await startCluster({ groups: { group1: 2 } })
  return {
    tracker: parseTrackerAddress(cluster.trackers[0]!),
    switchTracker: (up) => (up ? cluster.faults.restart('tracker') : cluster.faults.kill('tracker')),
    storages: cluster.groups['group1']!.map(({ host, port, dir }, index) => ({
      name: `group1/${index}`,
      endpoint: { host, port },
      dataDir: `${dir}/data`
    })),
    group: 'group1',
    kill: (name) => cluster.faults.kill(name),
    start: (name) => cluster.faults.restart(name),
    fill: (name, full) => Promise.resolve(cluster.faults.diskFull(name, full)),
    close: () => cluster.close()
  }
}

export interface RealOptions {
  /** 'host:port' */
  tracker: string
  group: string
  /** NAME=DATA_DIR pairs in the order in which the tracker lists the storages: the hooks get the name, orphans are counted in the directory. */
  storages: string[]
  /** Command lines in which {} is the name. */
  kill: string
  start: string
  fill: string | undefined
  free: string | undefined
  stopTracker: string | undefined
  startTracker: string | undefined
}

/** A real cluster, hurt by commands of whoever runs it. */
export async function realCluster(options: RealOptions): Promise<HurtableCluster> {
  const tracker = parseTrackerAddress(options.tracker)
  const client = createStoreClient({ trackers: [tracker] })
  const endpoints = await client.replicas(options.group)
  await client.close()
  if (endpoints.length !== options.storages.length) {
    throw new Error(
      `${options.group} has ${endpoints.map((e) => formatAddress(e)).join(', ')}: name each of them with --storage NAME=DATA_DIR`
    )
  }
  const hook = async (line: string, name: string): Promise<void> => {
    const [program, ...args] = line.split(' ').map((word) => word.replaceAll('{}', name))
    await run(program!, args)
  }
  const { fill, free, stopTracker, startTracker } = options
  return {
    tracker,
    switchTracker: stopTracker === undefined || startTracker === undefined ? null : (up) => hook(up ? startTracker : stopTracker, ''),
    storages: options.storages.map((pair, index) => {
      const [name, dataDir] = pair.split('=')
      return { name: name!, endpoint: endpoints[index]!, dataDir: dataDir ?? null }
    }),
    group: options.group,
    kill: (name) => hook(options.kill, name),
    start: (name) => hook(options.start, name),
    fill: fill === undefined || free === undefined ? null : (name, full) => hook(full ? fill : free, name),
    close: () => Promise.resolve()
  }
}
