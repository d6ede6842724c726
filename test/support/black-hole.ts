import { spawn } from 'node:child_process'
import { type Socket, connect } from 'node:net'
import type { Endpoint } from '../../src/main/client/types.ts'

export interface BlackHole extends Endpoint {
  close(): Promise<void>
}

/** Listens and never accepts: its event loop stands still. */
const LISTENER = `
const server = require('node:net').createServer()
server.listen({ host: process.argv[1], port: 0, backlog: 1 }, () => {
  require('node:fs').writeSync(1, String(server.address().port) + '\\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})`

/** Far more than a queue for one connection holds. */
const MOST_FILLERS = 16
const FULL_AFTER_MS = 300

/**
 * An address of loopback at which packets vanish, as behind a firewall that drops them: the queue of a listening socket is full, and
 * the system does not answer whoever wants to connect. (Linux does so; elsewhere connecting may be refused instead.)
 */
export async function blackHole(host = '127.0.0.1'): Promise<BlackHole> {
  const child = spawn(process.execPath, ['-e', LISTENER, host], { stdio: ['ignore', 'pipe', 'inherit'] })
  const fillers: Socket[] = []
  const close = async (): Promise<void> => {
    for (const filler of fillers) filler.destroy()
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())))
      child.once('exit', () => reject(new Error('the listener ended')))
    })
    for (let full = false; !full;) {
      if (fillers.length >= MOST_FILLERS) throw new Error('the queue of the listener does not fill')
      full = await new Promise<boolean>((resolve) => {
        const filler = connect({ host, port }, () => resolve(false)).on('error', () => resolve(true))
        fillers.push(filler)
        setTimeout(() => resolve(true), FULL_AFTER_MS).unref()
      })
    }
    return { host, port, close }
  } catch (error) {
    await close()
    throw error
  }
}
