import Papa from 'papaparse'
import type { CallParsed, LinkCheck, LinkText } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import type { FileRow } from '../../shared/model.ts'
import { tokenTimestamp } from './anti-steal.ts'
import { mapLimited } from './concurrently.ts'
import { checkLink } from './link-check.ts'
import { baseOf, formatLink, wantsMetadata } from './links.ts'
import type { LinkOptions } from './links.ts'
import { readMetadata } from './read-metadata.ts'
import { collect } from './selection.ts'
import { clockOfHeartbeats } from './server-clock.ts'
import type { Services } from './services.ts'

type LinkRequest = CallParsed<'files.links'>
type LinkServices = Pick<Services, 'library' | 'profiles' | 'secrets' | 'clock' | 'clients' | 'serverClocks' | 'watch' | 'libraryChanged'>

/** Links of the active connection's files. */
export interface LinkService {
  text(request: LinkRequest): Promise<LinkText>
  check(request: Pick<LinkRequest, 'selection' | 'signed' | 'lifetimeSeconds'> & { limit: number }): Promise<{ checks: LinkCheck[] }>
}

/** Web servers asked at once. */
const CHECKS_AT_ONCE = 4
/** Long enough for a check, and nobody else sees the link. */
const CHECK_LIFETIME_SECONDS = 300

export function createLinkService(services: LinkServices): LinkService {
  const { library, profiles, secrets, clock, clients, serverClocks, watch } = services
  const { files } = library

  /** Tokens by the time of the server that judges them. */
  const signer = async (request: Pick<LinkRequest, 'signed' | 'lifetimeSeconds'>) => {
    const { id, httpBase, tokenTtlSeconds } = profiles.active()
    if (!request.signed) return { token: undefined, clock: null }
    const secret = secrets.get(id)
    if (secret === null) throw new AppError('TOKEN_SECRET_MISSING')
    const now = clock.now()
    const heartbeats = clockOfHeartbeats(watch.last())
    const clocks = new Map<string, number>()
    let told: LinkText['clock']
    for (const base of new Set(Object.values(httpBase))) {
      const web = await serverClocks.of(base)
      const difference = web ?? heartbeats ?? 0
      clocks.set(base, difference)
      const seconds = Math.trunc(difference / 1000)
      if (seconds !== 0 && Math.abs(seconds) > Math.abs(told?.differenceSeconds ?? 0))
        told = { differenceSeconds: seconds, from: web === null ? 'cluster' : 'web' }
    }
    const token: LinkOptions['token'] = {
      secret,
      tsSeconds: (base) => tokenTimestamp(now + (clocks.get(base) ?? 0), request.lifetimeSeconds, tokenTtlSeconds)
    }
    return { token, clock: told ?? null }
  }

  /** Reads what the library does not know yet of a selection; how many files it could not be read of. */
  const learnMetadata = async (profileId: string, selection: LinkRequest['selection'], limit: number | undefined): Promise<number> => {
    const rows = (await collect(files, profileId, selection, (row) => row, limit)).filter(({ metadata }) => metadata === null)
    if (rows.length === 0) return 0
    const results = await readMetadata(services, profileId, rows, true)
    return results.filter(({ metadata }) => metadata === null).length
  }

  return {
    async text(request) {
      const { selection, format, downloadName, signed, lifetimeSeconds, template, table, limit } = request
      const { id, httpBase, groupInLinks } = profiles.active()
      const signing = await signer(request)
      const options: LinkOptions = { format, httpBase, groupInLinks, downloadName, token: signing.token, template }
      const expiresAt = signed && lifetimeSeconds !== null ? clock.now() + lifetimeSeconds * 1000 : undefined
      const unread = wantsMetadata(options) ? await learnMetadata(id, selection, limit) : 0
      const lines = await collect(
        files,
        id,
        selection,
        (row) => (table ? tableRow(row, options, expiresAt) : formatLink(row, options)),
        limit
      )
      return {
        text: table ? asTable(lines as TableRow[]) : (lines as string[]).join('\n'),
        count: lines.length,
        ...(unread === 0 ? {} : { unread }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(signing.clock === null ? {} : { clock: signing.clock })
      }
    },
    async check({ selection, signed, limit }) {
      const { id, httpBase, groupInLinks } = profiles.active()
      const { token } = await signer({ signed, lifetimeSeconds: CHECK_LIFETIME_SECONDS })
      const client = await clients.get(id)
      const rows = await collect(files, id, selection, (row) => row, limit)
      return {
        checks: await mapLimited(rows, CHECKS_AT_ONCE, (row) =>
          checkLink(row, formatLink(row, { format: 'url', httpBase, groupInLinks, token }), { client })
        )
      }
    }
  }
}

type TableRow = Record<'name' | 'file_id' | 'link' | 'size_bytes' | 'folder' | 'expires', string>

function tableRow(row: FileRow, options: LinkOptions, expiresAt: number | undefined): TableRow {
  // A file whose group has no web address keeps its place in a table of IDs.
  const link =
    options.format === 'id' && baseOf(options.httpBase, row.group) === undefined
      ? ''
      : formatLink(row, { ...options, format: options.format === 'id' ? 'url' : options.format })
  return {
    name: row.name,
    file_id: row.fileId,
    link,
    size_bytes: row.sizeBytes === null ? '' : String(row.sizeBytes),
    folder: row.folder,
    expires: expiresAt === undefined || link === '' ? '' : new Date(expiresAt).toISOString()
  }
}

/** Names come from other people's files: none may become a formula in a spreadsheet. */
function asTable(rows: TableRow[]): string {
  return Papa.unparse(rows, { columns: ['name', 'file_id', 'link', 'size_bytes', 'folder', 'expires'], escapeFormulae: true })
}
