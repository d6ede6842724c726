import type { FaultProxy } from '../support/fault-proxy.ts'
import { DROP_ANSWER } from '../support/fault-proxy.ts'
import type { HurtableCluster } from './cluster.ts'
import type { HostProcess } from './host-process.ts'
import type { Random } from './random.ts'

export interface Scene {
  cluster: HurtableCluster
  /** In front of each storage, in its order. */
  proxies: FaultProxy[]
  trackerProxy: FaultProxy
  host: HostProcess
  random: Random
  /** How often each kind of fault was made. */
  counts: Record<string, number>
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Breaks things for so long, then mends everything, also after a failure. */
export async function storm(scene: Scene, ms: number, log: string[]): Promise<void> {
  const mending = new Set<Promise<void>>()
  try {
    await rage(scene, ms, log, mending)
  } finally {
    await Promise.all(mending)
    for (const proxy of [...scene.proxies, scene.trackerProxy]) proxy.inject(null)
  }
  await scene.host.ask('control', 'resume')
}

async function rage(scene: Scene, ms: number, log: string[], mending: Set<Promise<void>>): Promise<void> {
  const { random, counts, proxies, cluster } = scene
  const end = performance.now() + ms
  const down = new Set<string>()
  /** Something that takes a while and is mended by itself. */
  const meanwhile = (name: string, work: () => Promise<void>): void => {
    down.add(name)
    const done = work().finally(() => {
      mending.delete(done)
      down.delete(name)
    })
    mending.add(done)
  }
  const note = (kind: string, what = ''): void => {
    counts[kind] = (counts[kind] ?? 0) + 1
    log.push(what === '' ? kind : `${kind} ${what}`)
  }
  while (performance.now() < end) {
    await sleep(20 + random.int(100))
    const index = random.int(proxies.length)
    const proxy = proxies[index]!
    const { name } = cluster.storages[index]!
    const how = random.next() < 0.5 ? 'rst' : 'fin'
    switch (random.int(20)) {
      case 0:
      case 1:
      case 2:
      case 3:
        note('cut', name)
        proxy.inject({ up: { cutAfter: 1 + random.int(600_000) }, how, times: 1 })
        break
      case 4:
      case 5:
        note('cut', `${name} down`)
        proxy.inject({ down: { cutAfter: 1 + random.int(400_000) }, how, times: 1 })
        break
      case 6:
      case 7:
      case 8:
        note('lost answer', name)
        proxy.inject({ ...DROP_ANSWER, how, times: 1 })
        break
      case 9:
      case 10:
        note('stall', name)
        proxy.inject(
          random.next() < 0.5
            ? { up: { stallAfter: random.int(500_000) }, times: 1 }
            : { down: { stallAfter: random.int(300_000) }, times: 1 }
        )
        break
      case 11:
      case 12:
        note('corrupt byte', name)
        proxy.inject({ down: { corruptAt: random.int(60_000) }, times: 1 })
        break
      case 13:
        note('cable pulled')
        for (const other of [...proxies, scene.trackerProxy]) other.cutAll()
        break
      case 14:
        note('tracker unreachable')
        scene.trackerProxy.inject({ refuse: true })
        scene.trackerProxy.cutAll()
        await sleep(random.int(200))
        scene.trackerProxy.inject(null)
        break
      case 15:
        if (cluster.switchTracker === null || down.has('tracker') || random.next() < 0.6) break
        note('tracker restarted')
        meanwhile('tracker', async () => {
          await cluster.switchTracker!(false)
          await sleep(random.int(300))
          await cluster.switchTracker!(true)
        })
        break
      case 16:
      case 17:
        if (down.has(name)) break
        note('storage killed', name)
        meanwhile(name, async () => {
          await cluster.kill(name)
          await sleep(100 + random.int(400))
          await cluster.start(name)
        })
        break
      case 18:
        if (cluster.fill === null || down.has(name)) break
        note('disk full', name)
        meanwhile(name, async () => {
          await cluster.fill!(name, true)
          await sleep(300 + random.int(500))
          await cluster.fill!(name, false)
        })
        break
      default:
        note('host killed')
        await scene.host.kill()
    }
  }
}
