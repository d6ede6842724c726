import { CODES } from '../codes.ts'
import { nothing } from '../codecs.ts'
import type { Command } from '../types.ts'

export interface TrackerStatus {
  isLeader: boolean
  runningSeconds: number
  restartIntervalSeconds: number
}

/** 64. request: empty     response: is leader 1 | running time 8 | restart interval 8. ENOENT: the tracker knows no group. */
export const trackerStatus: Command<void, TrackerStatus> = {
  name: 'trackerStatus',
  code: CODES.TRACKER_GET_STATUS,
  request: nothing,
  response: {
    encode(w, value) {
      w.u8(value.isLeader ? 1 : 0)
      w.i64(value.runningSeconds)
      w.i64(value.restartIntervalSeconds)
    },
    decode(r) {
      const value = { isLeader: r.u8() !== 0, runningSeconds: r.i64(), restartIntervalSeconds: r.i64() }
      r.end()
      return value
    }
  },
  maxResponse: 17
}
