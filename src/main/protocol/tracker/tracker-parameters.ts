import { CODES } from '../codes.ts'
import { nothing } from '../codecs.ts'
import type { Command } from '../types.ts'

/** 75. request: empty     response: text, lines `key=value`. Keys differ between versions; unknown ones are kept, other lines skipped. */
export const trackerParameters: Command<void, Record<string, string>> = {
  name: 'trackerParameters',
  code: CODES.STORAGE_PARAMETER_REQ,
  request: nothing,
  response: {
    encode(w, value) {
      for (const [key, text] of Object.entries(value)) w.restText(`${key}=${text}\n`)
    },
    decode(r) {
      const entries: [string, string][] = []
      for (const line of r.restText().split('\n')) {
        const equals = line.indexOf('=')
        if (equals > 0) entries.push([line.slice(0, equals), line.slice(equals + 1)])
      }
      return Object.fromEntries(entries)
    }
  },
  maxResponse: 65_536
}
