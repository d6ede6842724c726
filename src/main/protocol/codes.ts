/** Command numbers that this program may put on the wire. Everything else cannot be built: see `encodeRequestHeader`. */
export const CODES = {
  // storage
  UPLOAD_FILE: 11,
  DELETE_FILE: 12,
  SET_METADATA: 13,
  DOWNLOAD_FILE: 14,
  GET_METADATA: 15,
  SYNC_CREATE_FILE: 16,
  UPLOAD_SLAVE_FILE: 21,
  QUERY_FILE_INFO: 22,
  UPLOAD_APPENDER_FILE: 23,
  APPEND_FILE: 24,
  FETCH_ONE_PATH_BINLOG: 26,
  MODIFY_FILE: 34,
  TRUNCATE_FILE: 36,
  REGENERATE_APPENDER_FILENAME: 38,
  // tracker
  STORAGE_GET_MY_IP: 60,
  TRACKER_GET_STATUS: 64,
  FETCH_STORAGE_IDS: 69,
  STORAGE_GET_SERVER_ID: 70,
  STORAGE_GET_STATUS: 71,
  STORAGE_PARAMETER_REQ: 75,
  LIST_ONE_GROUP: 90,
  LIST_ALL_GROUPS: 91,
  LIST_STORAGE: 92,
  GET_LEADER: 95,
  TRACKER_CLUSTER_STAT: 96,
  STORAGE_CLUSTER_STAT: 97,
  GROUP_STAT: 98,
  QUERY_STORE_WITHOUT_GROUP_ONE: 101,
  QUERY_FETCH_ONE: 102,
  QUERY_UPDATE: 103,
  QUERY_STORE_WITH_GROUP_ONE: 104,
  QUERY_FETCH_ALL: 105,
  QUERY_STORE_WITHOUT_GROUP_ALL: 106,
  QUERY_STORE_WITH_GROUP_ALL: 107,
  STORAGE_GET_GROUP_NAME: 109,
  // both
  QUIT: 82,
  ACTIVE_TEST: 111
} as const

/** `cmd` of every response. */
export const RESPONSE_CODE = 100

const names = new Map<number, string>(Object.entries(CODES).map(([name, code]) => [code, name]))

/** Name of a command for logs and error details; unknown numbers keep their number. */
export function commandName(code: number): string {
  return names.get(code) ?? `command ${code}`
}

export function isBuildable(code: number): boolean {
  return names.has(code)
}
