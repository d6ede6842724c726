import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { ENVIRONMENTS, PROFILE_COLORS } from '../../shared/contract.ts'
import type { ProfileInputSchema } from '../../shared/contract.ts'
import { formatTracker, normalPlace, normalWebBase, parseTracker } from '../../shared/address.ts'
import { AppError } from '../../shared/errors.ts'
import { isGroupName } from '../../shared/file-id.ts'
import type { Profile } from '../../shared/model.ts'
import { isStorageId } from '../../shared/storage-ids.ts'
import { DEFAULT_TOKEN_TTL_SECONDS } from './anti-steal.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'
import { createSerial } from './serial.ts'
import type { CorruptFile } from './settings.ts'

/** The profile of the cluster that the program brings along; it cannot be removed. */
export const BUILT_IN_ID = 'builtin'

export type ParsedProfile = z.output<typeof ProfileInputSchema>

/** Connections to clusters, in one JSON file. Listeners hear of every change after it is on disk. */
export interface ProfileStore {
  list(): Profile[]
  /** Throws PROFILE_UNKNOWN. */
  get(id: string): Profile
  active(): Profile
  /** Adds (no id) or replaces. Addresses are checked and written in their normal form. Returns the stored profile. */
  save(input: ParsedProfile): Promise<Profile>
  /** Adds several at once: none is stored when one of them is refused. Those that are there already, with all they say, are left out. */
  saveAll(inputs: readonly ParsedProfile[]): Promise<Profile[]>
  remove(id: string): Promise<void>
  activate(id: string): Promise<Profile>
  onChange(listener: (change: ProfileChange) => void): void
}

export interface ProfileChange {
  profiles: Profile[]
  activeProfileId: string
  /** Profiles whose connections no longer hold: removed, or reached in another way. */
  outdated: string[]
}

const StoredProfile = z.looseObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1),
  trackers: z.array(z.string()),
  readOnly: z.boolean().default(false),
  connectTimeoutMs: z.number().int().positive().default(5_000),
  networkTimeoutMs: z.number().int().positive().default(30_000),
  httpBase: z.record(z.string(), z.string()).default({}),
  defaultGroup: z.string().nullable().default(null),
  addressMap: z.record(z.string(), z.string()).default({}),
  storageIds: z.record(z.string(), z.array(z.string())).default({}),
  groupInLinks: z.boolean().default(true),
  tokenTtlSeconds: z.number().int().positive().default(DEFAULT_TOKEN_TTL_SECONDS),
  // A colour or label of a newer version must not cost the connection.
  color: z.enum(PROFILE_COLORS).catch('none').default('none'),
  environment: z.enum(ENVIRONMENTS).catch('none').default('none')
})
const StoredFile = z.looseObject({ activeId: z.string().default(BUILT_IN_ID), profiles: z.array(StoredProfile).default([]) })
type Stored = z.infer<typeof StoredFile>

const BUILT_IN_DEFAULTS = StoredProfile.parse({ id: BUILT_IN_ID, name: 'Built-in cluster', trackers: [] })

/** Opens the file; an unusable one is set aside and reported, and only the built-in profile is there. */
export async function openProfiles(path: string, now: () => number, onCorrupt: (file: CorruptFile) => void): Promise<ProfileStore> {
  const read = await readJsonFile(path, (value) => StoredFile.parse(value), now)
  if (read.tag === 'corrupt') onCorrupt({ path, setAside: read.setAside, reason: read.reason })
  let stored = normalise(read.tag === 'read' ? read.value : StoredFile.parse({}))
  const inOrder = createSerial()
  const listeners = new Set<(change: ProfileChange) => void>()

  const list = () => stored.profiles.map(asProfile)
  const get = (id: string) => {
    const found = stored.profiles.find((profile) => profile.id === id)
    if (!found) throw new AppError('PROFILE_UNKNOWN', { detail: { profile: id } })
    return asProfile(found)
  }
  const commit = async (next: Stored, outdated: string[]) => {
    await writeJsonFile(path, next)
    stored = next
    for (const listener of listeners) listener({ profiles: list(), activeProfileId: stored.activeId, outdated })
  }

  return {
    list,
    get,
    active: () => get(stored.activeId),
    save: (input) =>
      inOrder(async () => {
        const id = input.id ?? randomUUID()
        const known = input.id === undefined ? undefined : get(input.id)
        const entry = StoredProfile.parse({ ...checkProfile(input, id === BUILT_IN_ID), id, ...(known?.builtIn ? builtInFixed : {}) })
        const others = stored.profiles.filter((profile) => profile.id !== id)
        const profiles = known ? stored.profiles.map((profile) => (profile.id === id ? entry : profile)) : [...others, entry]
        await commit({ ...stored, profiles }, known && !sameConnection(known, asProfile(entry)) ? [id] : [])
        return asProfile(entry)
      }),
    saveAll: (inputs) =>
      inOrder(async () => {
        const known = stored.profiles.map((profile) => asProfile({ ...profile, id: '' }))
        const added: z.infer<typeof StoredProfile>[] = []
        for (const input of inputs) {
          const entry = StoredProfile.parse({ ...checkProfile(input, false), id: randomUUID() })
          const said = asProfile({ ...entry, id: '' })
          if (known.some((each) => isDeepStrictEqual(each, said))) continue
          known.push(said)
          added.push(entry)
        }
        if (added.length > 0) await commit({ ...stored, profiles: [...stored.profiles, ...added] }, [])
        return added.map(asProfile)
      }),
    remove: (id) =>
      inOrder(async () => {
        if (get(id).builtIn) throw new AppError('INPUT_INVALID', { detail: { field: 'id', reason: 'the built-in cluster stays' } })
        const profiles = stored.profiles.filter((profile) => profile.id !== id)
        await commit({ ...stored, profiles, activeId: stored.activeId === id ? BUILT_IN_ID : stored.activeId }, [id])
      }),
    activate: (id) =>
      inOrder(async () => {
        const profile = get(id)
        if (stored.activeId !== id) await commit({ ...stored, activeId: id }, [])
        return profile
      }),
    onChange(listener) {
      listeners.add(listener)
    }
  }
}

const builtInFixed = { id: BUILT_IN_ID, name: BUILT_IN_DEFAULTS.name, trackers: [], addressMap: {}, storageIds: {} }

/** The built-in profile is always there and first; the active one exists. */
function normalise(file: Stored): Stored {
  const seen = new Set<string>([BUILT_IN_ID])
  const others = file.profiles.filter((profile) => !seen.has(profile.id) && seen.add(profile.id))
  const builtIn = { ...(file.profiles.find((profile) => profile.id === BUILT_IN_ID) ?? BUILT_IN_DEFAULTS), ...builtInFixed }
  return { ...file, profiles: [builtIn, ...others], activeId: seen.has(file.activeId) ? file.activeId : BUILT_IN_ID }
}

/** Whether a client made for one profile serves the other as well: a new name must not break transfers. */
function sameConnection(a: Profile, b: Profile): boolean {
  const sorted = (record: Record<string, unknown>) => Object.entries(record).sort(([x], [y]) => (x < y ? -1 : 1))
  const facts = ({ trackers, connectTimeoutMs, networkTimeoutMs, addressMap, storageIds }: Profile) =>
    JSON.stringify([trackers, connectTimeoutMs, networkTimeoutMs, sorted(addressMap), sorted(storageIds)])
  return facts(a) === facts(b)
}

function asProfile(stored: z.infer<typeof StoredProfile>): Profile {
  const { id, name, trackers, readOnly, connectTimeoutMs, networkTimeoutMs, httpBase, defaultGroup, addressMap } = stored
  const { groupInLinks, tokenTtlSeconds, color, environment, storageIds } = stored
  return {
    id,
    name,
    trackers: [...trackers],
    builtIn: id === BUILT_IN_ID,
    readOnly,
    connectTimeoutMs,
    networkTimeoutMs,
    httpBase: { ...httpBase },
    defaultGroup,
    addressMap: { ...addressMap },
    storageIds: { ...storageIds },
    groupInLinks,
    tokenTtlSeconds,
    color,
    environment
  }
}

/**
 * A connection as the user entered it, with every address in its normal form. Throws ADDRESS_INVALID, GROUP_INVALID or
 * INPUT_INVALID (field `httpBase`). Map keys may be an address without port: it stands for every port of that host.
 */
function checkProfile(input: ParsedProfile, builtIn: boolean): ParsedProfile {
  if (input.trackers.length === 0 && !builtIn) throw new AppError('ADDRESS_INVALID', { detail: { reason: 'empty' } })
  // The built-in cluster knows its own.
  const trackers = builtIn ? [] : [...new Set(input.trackers.map((tracker) => formatTracker(parseTracker(tracker))))]
  const httpBase: Record<string, string> = {}
  for (const [group, base] of Object.entries(input.httpBase)) {
    if (base.trim() === '') continue
    if (group !== '') checkGroup(group)
    httpBase[group] = checkBase(base)
  }
  const defaultGroup = input.defaultGroup?.trim() || null
  if (defaultGroup !== null) checkGroup(defaultGroup)
  const storageIds = checkStorageIds(input.storageIds)
  return { ...input, trackers, addressMap: checkAddressMap(input.addressMap), storageIds, httpBase, defaultGroup }
}

/** Both sides of every entry in their normal form; the left one may be the ID of a storage. Throws ADDRESS_INVALID. */
export function checkAddressMap(map: Readonly<Record<string, string>>): Record<string, string> {
  const left = (told: string) => (isStorageId(told.trim()) ? told.trim() : normalPlace(told))
  return Object.fromEntries(Object.entries(map).map(([told, reachable]) => [left(told), normalPlace(reachable)]))
}

/** Throws INPUT_INVALID for what is no ID, ADDRESS_INVALID for what is no address. */
function checkStorageIds(storageIds: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(storageIds).map(([id, addresses]) => {
      if (!isStorageId(id)) throw new AppError('INPUT_INVALID', { detail: { field: 'storageIds', reason: id.slice(0, 40) } })
      return [id, addresses.map(normalPlace)]
    })
  )
}

function checkGroup(group: string): void {
  if (!isGroupName(group)) throw new AppError('GROUP_INVALID', { detail: { group } })
}

function checkBase(text: string): string {
  const base = normalWebBase(text)
  if (base === null) throw new AppError('INPUT_INVALID', { detail: { field: 'httpBase', reason: text.slice(0, 200) } })
  return base
}
