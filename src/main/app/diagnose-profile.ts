import { normalWebBase } from '../../shared/address.ts'
import type { CallParsed } from '../../shared/contract.ts'
import type { Diagnosis } from '../../shared/model.ts'
import { diagnoseWeb } from '../cluster/diagnose-web.ts'
import type { WebTarget } from '../cluster/diagnose-web.ts'
import { diagnose } from '../cluster/diagnose.ts'
import type { FileCatalogue } from '../library/types.ts'
import { antiStealToken } from './anti-steal.ts'
import { createAddressBook } from './address-book.ts'
import { formatLink } from './links.ts'
import { BUILT_IN_ID, checkAddressMap } from './profiles.ts'
import type { Services } from './services.ts'

/** The whole test takes ten seconds at most. */
const WEB_LIMIT_MS = 9_000
/** Each may be delivered by another server behind the address. */
const GROUPS_PER_BASE = 64
/** Files looked at to find one whose size and CRC-32 are known. */
const CANDIDATES = 20

/**
 * Tests a connection as it would be saved: trackers and storages, and at the same time its web servers, by files that the library
 * knows of each group. `ok` tells of the cluster only: links are not needed for it. Throws only for an address map that is none.
 */
export async function diagnoseProfile(
  { library, secrets, clock, builtInTrackers }: Pick<Services, 'library' | 'secrets' | 'clock' | 'builtInTrackers'>,
  { id, trackers, addressMap, storageIds, httpBase, groupInLinks, tokenSecret }: CallParsed<'profiles.test'>
): Promise<Diagnosis> {
  const secret = tokenSecret ?? (id === undefined ? null : secrets.get(id)) ?? ''
  const book = createAddressBook({ addressMap: checkAddressMap(addressMap), storageIds })
  const [diagnosis, web] = await Promise.all([
    // The trackers go in as they were typed: whether they are addresses at all is the first thing the test finds out.
    diagnose({
      trackers: id === BUILT_IN_ID ? await builtInTrackers() : trackers,
      mapAddress: book.map,
      otherAddresses: book.others,
      onStorages: book.learn
    }),
    diagnoseWeb({
      targets: webTargets(library.files, id, httpBase, groupInLinks),
      sign:
        secret === ''
          ? null
          : (fileId, serverNowMs) => {
              const tsSeconds = Math.floor(serverNowMs / 1000)
              return `token=${antiStealToken(fileId, secret, tsSeconds)}&ts=${tsSeconds}`
            },
      limitMs: WEB_LIMIT_MS,
      now: clock.now
    })
  ])
  return { ...diagnosis, steps: [...diagnosis.steps, ...web] }
}

function webTargets(
  files: FileCatalogue,
  profileId: string | undefined,
  httpBase: Readonly<Record<string, string>>,
  groupInLinks: boolean
): WebTarget[] {
  const known = profileId === undefined ? [] : files.groups(profileId).map(({ group }) => group)
  return Object.entries(httpBase).flatMap(([named, text]) => {
    const base = normalWebBase(text)
    if (base === null) return []
    const groups = named === '' ? known.filter((group) => !Object.hasOwn(httpBase, group)).slice(0, GROUPS_PER_BASE) : [named]
    return (groups.length === 0 ? [''] : groups).map((group) => ({
      group,
      base,
      file: fileOf(files, profileId, group, base, groupInLinks)
    }))
  })
}

function fileOf(
  files: FileCatalogue,
  profileId: string | undefined,
  group: string,
  base: string,
  groupInLinks: boolean
): WebTarget['file'] {
  if (profileId === undefined || group === '') return null
  // Files of a moment ago are at their source at least, which web servers know to ask.
  const found = (['present', 'syncing'] as const).flatMap((state) =>
    files.page(profileId, { group, kind: 'normal', state }, { key: 'sizeBytes', descending: false }, CANDIDATES).rows.toReversed()
  )
  for (const row of found) {
    const { fileId, sizeBytes, crc32 } = row
    if (sizeBytes === null || sizeBytes === 0 || crc32 === null) continue
    const url = (withGroup: boolean) => formatLink(row, { format: 'url', httpBase: { '': base }, groupInLinks: withGroup })
    return { url: url(groupInLinks), otherUrl: url(!groupInLinks), fileId, sizeBytes, crc32 }
  }
  return null
}
