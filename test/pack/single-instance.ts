/**
 * Gives the stand-in `electron` the lock that Electron has: of several processes on one data folder the first gets it, and is told
 * what the others were started with. Here by files in that folder.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as stub from '../support/electron-stub.ts'

const LOOK_EVERY_MS = 50

/** From now on the program in this process shares the lock with those in others. */
export function shareInstanceLock(): void {
  stub.app.requestSingleInstanceLock = (handOver) => {
    const folder = join(stub.app.getPath('userData'), 'single-instance')
    mkdirSync(folder, { recursive: true })
    try {
      writeFileSync(join(folder, 'first'), String(process.pid), { flag: 'wx' })
    } catch {
      const told = join(folder, `${process.pid}.told`)
      writeFileSync(`${told}.part`, JSON.stringify(handOver))
      renameSync(`${told}.part`, told)
      return false
    }
    setInterval(() => {
      for (const name of readdirSync(folder).filter((each) => each.endsWith('.told'))) {
        const given: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'))
        rmSync(join(folder, name))
        stub.app.emit('second-instance', {}, [], '', given)
      }
    }, LOOK_EVERY_MS).unref()
    return true
  }
}
