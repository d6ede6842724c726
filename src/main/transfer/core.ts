import type { AppError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/contract.ts'
import type { Profile, TransferSnapshot } from '../../shared/model.ts'
import type { StoreClient } from '../cluster/types.ts'
import type { FileCatalogue, TransferJournal, TransferRecord } from '../library/types.ts'
import type { Thumbnails } from '../library/thumbnails.ts'
import type { Batch, SlotSize } from './batch.ts'
import type { Clock } from './clock.ts'
import type { Finisher } from './finisher.ts'
import type { Lane, Lanes } from './lanes.ts'
import type { JournalWriter } from './journal-writer.ts'
import type { MachineState } from './machine.ts'
import type { NoticeCode } from './operation.ts'
import type { ParkingLot } from './parking.ts'
import type { RateMeter } from './progress.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Targets } from './targets.ts'
import type { WaitingRoom } from './waiting-room.ts'

export interface Notice {
  kind: 'info' | 'success' | 'error'
  code: NoticeCode
  detail: Record<string, string | number>
}

export interface EngineOptions {
  journal: TransferJournal
  /** null: no library (the command line). */
  files: FileCatalogue | null
  /** Small pictures beside files; undefined: none are kept. */
  thumbnails?: Thumbnails | undefined
  /** The cluster of a profile; owned and closed by the caller. May throw PROFILE_UNKNOWN. */
  store(profileId: string): StoreClient
  profile(profileId: string): Pick<Profile, 'readOnly'>
  settings(): Settings
  clock: Clock
  /** [0, 1) */
  random(): number
  /** Files below this folder belong to the engine: removed once their upload is done or cancelled. */
  spoolRoot?: string | undefined
  /** How often a server that is away is tried before what needs it fails; Infinity (default): for ever. */
  parkAttempts?: number | undefined
  /** At most 10 a second. */
  onChange(snapshot: TransferSnapshot): void
  onNotice(notice: Notice): void
  onFilesChanged(profileId: string): void
}

/** A transfer whose operation is running. */
export interface Active {
  record: TransferRecord
  batch: Batch
  state: MachineState
  size: SlotSize
  lane: Lane
  holdsSlot: boolean
  controller: AbortController
  /** Shown; the record has what is journalled. */
  doneBytes: number
  settled: Promise<void>
}

/** What the parts of the engine share. */
export interface Core {
  readonly options: EngineOptions
  readonly batches: Map<number, Batch>
  readonly active: Map<number, Active>
  readonly waiting: WaitingRoom
  readonly writer: JournalWriter
  readonly finisher: Finisher
  readonly parking: ParkingLot
  readonly meter: RateMeter
  readonly limits: { up: RateLimit; down: RateLimit }
  readonly targets: Targets
  /** Slots taken, archives included. */
  readonly used: Record<SlotSize, number>
  readonly lanes: Lanes
  /** Work beside the transfers that close() waits for. */
  readonly chores: Set<Promise<void>>
  /** Batches whose rows are still being journalled. */
  readonly enqueueing: Map<number, Promise<void>>
  /** Aborted when the engine closes. */
  readonly stop: AbortController
  closing: boolean
  /** Something visible changed. */
  changed(): void
  notice(kind: Notice['kind'], code: NoticeCode, detail?: Record<string, string | number>): void
  /** The journal or the library refused; told once in a while. */
  trouble(error: AppError): void
  /** Start what can be started. */
  schedule(): void
  /** A batch may have nothing left to do. */
  checkOver(batch: Batch): void
}
