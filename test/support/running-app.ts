import { createApp } from '../../src/main/app/create-app.ts'
import type { App, AppOptions } from '../../src/main/app/create-app.ts'
import { hostCannot } from '../../src/main/app/host.ts'
import type { Host } from '../../src/main/app/host.ts'
import type { CallInput, CallName, CallOutput, EventEnvelope, EventName, Events } from '../../src/shared/contract.ts'
import { fromErrorData } from '../../src/shared/errors.ts'

export function testHost(home: string): Host {
  const none = () => hostCannot('no dialogs in a test')
  return {
    can: { kind: 'test', pickFiles: false, reveal: false, secrets: false, notify: false },
    platform: 'linux',
    systemLanguage: 'en',
    homeFolder: home,
    downloadFolder: home,
    seal: null,
    pickFiles: none,
    pickFolder: none,
    pickSave: none,
    reveal: none,
    openExternal: none
  }
}

export interface RunningApp {
  app: App
  /** Rejects with the AppError of the answer. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  events: EventEnvelope[]
  /** The next event of this name, from now on, that fits. */
  next<N extends EventName>(name: N, fits?: (data: Events[N]) => boolean): Promise<Events[N]>
  /** Resolves when no batch is unfinished. */
  idle(): Promise<void>
}

/** The real application on real sockets and files; the caller closes it. */
export async function startApp(dataDir: string, options: Partial<AppOptions> = {}): Promise<RunningApp> {
  const app = await createApp({ dataDir, host: testHost(dataDir), ...options })
  const events: EventEnvelope[] = []
  app.subscribe((event) => events.push(event))
  let id = 0
  const call = async <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
    const reply = await app.dispatch(structuredClone({ id: ++id, name, input }))
    if ('error' in reply) throw fromErrorData(reply.error)
    return reply.ok as CallOutput<N>
  }
  const next = <N extends EventName>(name: N, fits: (data: Events[N]) => boolean = () => true) =>
    new Promise<Events[N]>((resolve) => {
      const stop = app.subscribe((message) => {
        if (message.event !== name || !fits(message.data as Events[N])) return
        stop()
        resolve(message.data as Events[N])
      })
    })
  const idle = async () => {
    while ((await call('transfers.snapshot', {})).totals.activeBatches > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { app, call, events, next, idle }
}
