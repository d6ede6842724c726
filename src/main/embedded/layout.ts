import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { isGroup } from '../protocol/fields.ts'

/** Where one storage listens, and its storage id. */
export interface StorageSlot {
  id: number
  host: string
  port: number
}

/** Addresses of a cluster, kept in `cluster.json` so that file IDs and profiles stay right from start to start. */
export interface Layout {
  usesIds: boolean
  trackerPorts: number[]
  groups: Record<string, StorageSlot[]>
}

export interface LayoutRequest {
  dir: string
  groups: Record<string, number>
  host: string
  addressing: 'auto' | 'ip' | 'id'
}

const FILE = 'cluster.json'
const FIRST_ID = 100_001
const MAX_STORAGES = 32
const MAX_GROUPS = 200

/**
 * The kept layout with what is missing for the groups asked for. INPUT_INVALID for group names and counts that cannot be,
 * and for a cluster.json that cannot be read (it is never overwritten then).
 */
export async function planLayout(request: LayoutRequest): Promise<Layout> {
  checkGroups(request.groups)
  const kept = readLayout(request.dir)
  const usesIds = kept?.usesIds ?? (request.addressing === 'auto' ? !(await canBind(address(0, 0))) : request.addressing === 'id')
  const groups: Record<string, StorageSlot[]> = { ...kept?.groups }
  for (const [group, count] of Object.entries(request.groups)) {
    const slots = [...(groups[group] ?? [])]
    const known = Object.keys(groups)
    const place = known.includes(group) ? known.indexOf(group) : known.length
    while (slots.length < count) {
      slots.push({ id: nextId({ ...groups, [group]: slots }), host: usesIds ? request.host : address(place, slots.length), port: 0 })
    }
    groups[group] = slots
  }
  return { usesIds, trackerPorts: kept?.trackerPorts ?? [], groups }
}

/** Written whole and renamed: a crash leaves the old or the new one. */
export function saveLayout(dir: string, layout: Layout): void {
  const file = path.join(dir, FILE)
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(layout, null, 2)}\n`)
  fs.renameSync(`${file}.new`, file)
}

/** A port free at the moment on every one of these addresses; `preferred` when it is. */
export async function commonPort(hosts: readonly string[], preferred: number): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const wanted = attempt === 0 ? preferred : 0
    const held: net.Server[] = []
    try {
      let port = wanted
      for (const host of hosts) {
        const server = await bind(host, port)
        held.push(server)
        port = (server.address() as net.AddressInfo).port
      }
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    } finally {
      await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
    }
  }
  throw new AppError('ADDRESS_IN_USE', { detail: { address: hosts.join(', ') } })
}

function checkGroups(groups: Record<string, number>): void {
  const names = Object.keys(groups)
  if (names.length === 0 || names.length > MAX_GROUPS)
    throw new AppError('INPUT_INVALID', { detail: { field: 'groups', value: names.length } })
  for (const name of names) {
    const count = groups[name]!
    if (!isGroup(name)) throw new AppError('GROUP_INVALID', { detail: { group: name } })
    if (!Number.isInteger(count) || count < 1 || count > MAX_STORAGES) {
      throw new AppError('INPUT_INVALID', { detail: { field: `number of storages of ${name}`, value: count } })
    }
  }
}

function readLayout(dir: string): Layout | null {
  const file = path.join(dir, FILE)
  if (!fs.existsSync(file)) return null
  try {
    const kept = JSON.parse(fs.readFileSync(file, 'utf8')) as Layout
    if (typeof kept.usesIds !== 'boolean' || typeof kept.groups !== 'object' || !Array.isArray(kept.trackerPorts))
      throw new Error('not a cluster.json')
    return kept
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { cause, detail: { field: file, value: 'unreadable' } })
  }
}

/** 127.0.1.1 for the first storage of the first group: never ending in 0, which file IDs could not tell from a storage id. */
function address(groupIndex: number, storageIndex: number): string {
  return `127.0.${groupIndex + 1}.${storageIndex + 1}`
}

function nextId(groups: Record<string, StorageSlot[]>): number {
  const ids = Object.values(groups).flatMap((slots) => slots.map((slot) => slot.id))
  return Math.max(FIRST_ID - 1, ...ids) + 1
}

async function canBind(host: string): Promise<boolean> {
  try {
    const server = await bind(host, 0)
    await new Promise((resolve) => server.close(resolve))
    return true
  } catch {
    return false
  }
}

function bind(host: string, port: number): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen({ host, port }, () => resolve(server))
  })
}
