import { CODES } from './codes.ts'
import { nothing } from './codecs.ts'
import type { Command } from './types.ts'

/** The cheapest probe of a connection, tracker or storage. request: empty     response: empty */
export const activeTest: Command<void, void> = {
  name: 'activeTest',
  code: CODES.ACTIVE_TEST,
  request: nothing,
  response: nothing,
  maxResponse: 0
}

/** request: empty     response: none at all, the server closes the connection */
export const quit: Command<void, void> = { name: 'quit', code: CODES.QUIT, request: nothing, response: nothing, maxResponse: 0 }
