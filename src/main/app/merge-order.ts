import { calls } from '../../shared/contract.ts'
import type { OtherOrder } from '../library/merge-order.ts'
import type { Library } from '../library/types.ts'

/** Puts the order of another library into this one, after its files. What is here stays: colours, and searches of the same name. */
export async function mergeOrder({ bulk, order }: Library, { profileId, favourites, tags, folders, searches }: OtherOrder): Promise<void> {
  const known = await bulk.known(profileId, favourites)
  const ids = known.flatMap((file) => (file === null ? [] : [file.id]))
  if (ids.length > 0) order.setFavourite(profileId, ids, true)
  const coloured = new Set(order.tags(profileId).flatMap((tag) => (tag.color === 'none' ? [] : [tag.name])))
  for (const { name, color } of tags) if (name.trim() !== '' && !coloured.has(name)) order.saveTag(profileId, name, color)
  order.addFolders(profileId, folders)
  const names = new Set(order.searches(profileId).map(({ name }) => name))
  for (const search of searches) {
    const parsed = calls['order.saveSearch'].input.safeParse(search)
    if (parsed.success && !names.has(parsed.data.name)) order.saveSearch(profileId, parsed.data)
  }
}
