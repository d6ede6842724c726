import type { StorageStatus } from '../../../shared/model.ts'

const STATES: Record<number, StorageStatus> = {
  0: 'init',
  1: 'wait_sync',
  2: 'syncing',
  3: 'ip_changed',
  4: 'deleted',
  5: 'offline',
  6: 'online',
  7: 'active',
  9: 'recovery',
  99: 'none'
}

/** Numbers of the storage states on the wire (protocol page, section 6.3). */
export const STORAGE_STATE = {
  init: 0,
  wait_sync: 1,
  syncing: 2,
  ip_changed: 3,
  deleted: 4,
  offline: 5,
  online: 6,
  active: 7,
  recovery: 9,
  none: 99
} as const

/** The status byte of a storage record as the program names it. Only an `active` storage is offered to clients. */
export function storageStateName(status: number): StorageStatus {
  return STATES[status] ?? 'unknown'
}
