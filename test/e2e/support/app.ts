/**
 * The application as its user has it: the built browser host as a child process on a data folder of its own,
 * and a page of Chromium on it. The host can be killed (SIGKILL) and started again on the same data.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Page, test as base } from '@playwright/test'

export class HostProcess {
  readonly dataDir: string
  #child: ChildProcess | null = null
  #output = ''
  url = ''

  constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  /** Starts the host and resolves with the address it prints. */
  async start(): Promise<string> {
    const child = spawn(process.execPath, [resolve('out/main/browser.js'), '--data', this.dataDir, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe']
    })
    this.#child = child
    this.#output = ''
    this.url = await new Promise<string>((done, fail) => {
      const onText = (chunk: Buffer): void => {
        this.#output += chunk.toString()
        const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(this.#output)
        if (found) done(found[0])
      }
      child.stdout.on('data', onText)
      child.stderr.on('data', onText)
      child.once('exit', (code, signal) => fail(new Error(`the host ended (${code ?? signal}) before it served:\n${this.#output}`)))
    })
    return this.url
  }

  /** As a power cut would: no chance to say goodbye. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  get output(): string {
    return this.#output
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((done) => child.once('exit', () => done()))
    child.kill(signal)
    await ended
  }
}

/** A folder that is gone after the test. */
export async function temporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `fdfs-e2e-${name}-`))
}

interface Fixtures {
  /** Source and target files of the test. */
  folder: string
  host: HostProcess
  app: Page
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern
  folder: async ({}, use) => {
    const folder = await temporaryFolder('files')
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  // oxlint-disable-next-line no-empty-pattern
  host: async ({}, use) => {
    const dataDir = await temporaryFolder('data')
    const host = new HostProcess(dataDir)
    await host.start()
    await use(host)
    await host.stop()
    await rm(dataDir, { recursive: true, force: true })
  },
  app: async ({ page, host }, use) => {
    await page.goto(host.url)
    // The address with the token leads on to a clean one: the window is there when its navigation is.
    await page.getByTestId('nav-files').waitFor()
    await use(page)
  }
})

export { expect } from '@playwright/test'
