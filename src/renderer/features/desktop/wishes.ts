import type { HostWish } from '../../../shared/contract.ts'
import type { Client } from '../../api/client.ts'

/**
 * Takes what the desktop wants of this window (a menu, files opened with the program, a link) now and whenever there is more, and
 * hands each to `grant` once. Returns what ends it.
 */
export function followWishes(client: Client, grant: (wish: HostWish) => void): () => void {
  let ended = false
  const take = (): void => {
    client.call('host.wishes', {}).then(
      (wishes) => {
        if (!ended) for (const wish of wishes) grant(wish)
      },
      // Nobody asked for this call: the next one takes what is left.
      () => undefined
    )
  }
  const stop = client.on('host.wished', take)
  take()
  return () => {
    ended = true
    stop()
  }
}
