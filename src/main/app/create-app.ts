import type { Dispatch } from './dispatch.ts'
import type { EventListener } from './events.ts'
import type { Host } from './host.ts'
export interface App {
  dispatch: Dispatch
  subscribe(listener: EventListener): () => void
  close(): Promise<void>
}
export declare function createApp(options: { dataDir: string; host: Host }): Promise<App>
