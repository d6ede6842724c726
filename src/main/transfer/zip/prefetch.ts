import type { ZipMember } from './members.ts'

/** Members above this are not held in memory: they go straight into the archive. */
const WHOLE_BYTES = 4 * 1024 * 1024
const MAX_BYTES = 16 * 1024 * 1024
const MAX_UNDER_WAY = 12
/** Ready or under way ahead of the one that is needed next. */
const MAX_AHEAD = 128

/** Goes straight into the archive. */
export function isStreamed({ sizeBytes }: { sizeBytes: number }): boolean {
  return sizeBytes > WHOLE_BYTES
}

interface Fetched {
  ready: Promise<Buffer>
  bytes: number
}

/** Fetches the next members while earlier ones are written, bounded in memory and connections. */
export interface Prefetch {
  /** In the order of the members; null = too large for memory. Rejects as fetching it did. */
  take(member: ZipMember): Promise<Buffer | null>
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>
}

export function createPrefetch(
  members: readonly ZipMember[],
  signal: AbortSignal,
  fetch: (member: ZipMember, signal: AbortSignal) => Promise<Buffer>
): Prefetch {
  const controller = new AbortController()
  const stop = AbortSignal.any([signal, controller.signal])
  const fetched = new Map<number, Fetched>()
  const underWay = new Set<Promise<unknown>>()
  let next = 0
  let bytes = 0

  function fill(): void {
    while (next < members.length && underWay.size < MAX_UNDER_WAY && fetched.size < MAX_AHEAD) {
      const { sizeBytes } = members[next]!
      if (!isStreamed({ sizeBytes }) && bytes > 0 && bytes + sizeBytes > MAX_BYTES) return
      beginNext()
    }
  }

  function beginNext(): void {
    const member = members[next++]!
    if (!isStreamed(member)) begin(member)
  }

  function begin(member: ZipMember): void {
    bytes += member.sizeBytes
    const ready = fetch(member, stop)
    fetched.set(member.id, { ready, bytes: member.sizeBytes })
    const ended = ready
      .catch(() => undefined)
      .finally(() => {
        underWay.delete(ended)
        if (!stop.aborted) fill()
      })
    underWay.add(ended)
  }

  return {
    async take(member) {
      if (isStreamed(member)) {
        fill()
        return null
      }
      // What is needed now is fetched whatever else is under way.
      while (!fetched.has(member.id)) beginNext()
      fill()
      const entry = fetched.get(member.id)!
      try {
        return await entry.ready
      } finally {
        fetched.delete(member.id)
        bytes -= entry.bytes
        fill()
      }
    },
    async close() {
      controller.abort()
      await Promise.all(underWay)
    }
  }
}
