import type { AppLog } from './app-log.ts'
import type { Dispatch } from './dispatch.ts'

/** What somebody waits for as long is worth a line. */
const SLOW_MS = 2_000

/** The same dispatch; calls that fail, or take long, go to the log: their name and what went wrong, never what they carried. */
export function loggedDispatch(dispatch: Dispatch, log: AppLog): Dispatch {
  return async (message) => {
    const started = performance.now()
    const reply = await dispatch(message)
    const ms = Math.round(performance.now() - started)
    const { name } = (typeof message === 'object' && message !== null ? message : {}) as { name?: unknown }
    const call = typeof name === 'string' ? name.slice(0, 100) : ''
    if ('error' in reply) log.write('warn', 'call.failed', { call, ms, code: reply.error.code, detail: reply.error.detail })
    else if (ms >= SLOW_MS) log.write('info', 'call.slow', { call, ms })
    return reply
  }
}
