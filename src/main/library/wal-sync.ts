import { close, fdatasync, open } from 'node:fs'
import { promisify } from 'node:util'

const openFile = promisify(open)
const syncData = promisify(fdatasync)
const closeFile = promisify(close)

/**
 * Puts what was committed on disk without standing still meanwhile. SQLite's own way (synchronous=FULL) waits for the disk inside
 * COMMIT, and with it the whole thread; here the write-ahead log is flushed by a thread of the system. The log is one file and
 * is read from its beginning up to the first record that is not whole, so one flush makes every earlier commit durable.
 */
export class WalSync {
  readonly #path: string
  #handle: Promise<number> | null = null
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null

  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`
  }

  /** Resolves when everything committed before the call is on disk. Calls that come meanwhile share the next flush. */
  sync(): Promise<void> {
    if (this.#running === null) return this.#start()
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start()
    )
    return this.#next
  }

  async close(): Promise<void> {
    await this.#next?.catch(() => undefined)
    await this.#running?.catch(() => undefined)
    const handle = await this.#handle?.catch(() => null)
    this.#handle = null
    if (handle != null) await closeFile(handle)
  }

  #start(): Promise<void> {
    this.#next = null
    const flushed = this.#flush().finally(() => {
      if (this.#running === flushed) this.#running = null
    })
    this.#running = flushed
    return flushed
  }

  async #flush(): Promise<void> {
    this.#handle ??= openFile(this.#path, 'r+')
    let handle: number
    try {
      handle = await this.#handle
    } catch (error) {
      this.#handle = null
      throw error
    }
    await syncData(handle)
  }
}
