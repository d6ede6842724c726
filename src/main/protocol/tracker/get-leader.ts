import { formatAddress } from '../../../shared/address.ts'
import { CODES } from '../codes.ts'
import { nothing } from '../codecs.ts'
import type { ServerAddress } from '../fields.ts'
import { parseHostPort } from '../host-port.ts'
import type { Command } from '../types.ts'

/** 95 (6.15.5). request: empty     response: text `ip:port` without NUL. ENOENT: there is no leader. */
export const getLeader: Command<void, ServerAddress> = {
  name: 'getLeader',
  code: CODES.GET_LEADER,
  request: nothing,
  response: {
    encode(w, value) {
      w.restText(formatAddress(value))
    },
    decode: (r) => parseHostPort(r.restText())
  },
  maxResponse: 64
}
