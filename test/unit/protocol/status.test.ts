import { describe, expect, it } from 'vitest'
import { CODES } from '../../../src/main/protocol/codes.ts'
import { statusError } from '../../../src/main/protocol/status.ts'
import { isRetriable } from '../../../src/shared/errors.ts'

describe('statusError', () => {
  it.each([
    [2, CODES.DOWNLOAD_FILE, 'NOT_FOUND'],
    [2, CODES.QUERY_STORE_WITHOUT_GROUP_ONE, 'NO_STORAGE'],
    [2, CODES.QUERY_STORE_WITH_GROUP_ONE, 'NO_STORAGE'],
    [2, CODES.QUERY_FETCH_ONE, 'NO_STORAGE'],
    [2, CODES.LIST_ONE_GROUP, 'GROUP_UNKNOWN'],
    [2, CODES.LIST_STORAGE, 'GROUP_UNKNOWN'],
    [5, CODES.UPLOAD_FILE, 'SERVER_IO'],
    [13, CODES.QUERY_UPDATE, 'DENIED'],
    [16, CODES.UPLOAD_FILE, 'BUSY'],
    [17, CODES.UPLOAD_SLAVE_FILE, 'EXISTS'],
    [21, CODES.DOWNLOAD_FILE, 'REJECTED'],
    [22, CODES.UPLOAD_FILE, 'REJECTED'],
    [22, CODES.GET_LEADER, 'UNSUPPORTED'],
    [22, CODES.STORAGE_CLUSTER_STAT, 'UNSUPPORTED'],
    [28, CODES.UPLOAD_FILE, 'NO_SPACE'],
    [95, CODES.FETCH_STORAGE_IDS, 'UNSUPPORTED']
  ])('status %i of command %i is %s', (status, command, code) => {
    expect(statusError(status, { command }).code).toBe(code)
  })

  it('keeps a number it does not know, with the facts it was given', () => {
    const error = statusError(77, { command: CODES.DELETE_FILE, detail: { endpoint: '127.0.0.1:23000', group: 'group1' } })
    expect(error.code).toBe('SERVER_STATUS')
    expect(error.detail).toEqual({
      status: 77,
      statusName: undefined,
      command: 'DELETE_FILE',
      endpoint: '127.0.0.1:23000',
      group: 'group1'
    })
    expect(error.message).toContain('status=77')
  })

  it('never says that a malformed or repeated request may be tried again', () => {
    for (const status of [13, 17, 22, 95]) expect(isRetriable(statusError(status, { command: CODES.UPLOAD_FILE }).code)).toBe(false)
  })
})
