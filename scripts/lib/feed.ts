import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { statementOf } from '../../src/main/electron/update-signature.ts'
import type { Announcement } from '../../src/main/electron/update-signature.ts'

/** Ed25519, base64. */
export function signatureOf(announcement: Announcement, privateKey: KeyObject): string {
  return sign(null, statementOf(announcement), privateKey).toString('base64')
}

/** A feed as electron-builder writes it, with the publisher's signature as its last line; one that is there is replaced. */
export function signedFeed(feed: string, privateKey: KeyObject): string {
  const bare = feed.replaceAll(/^signature: .*\n/gm, '')
  const version = /^version: (\S+)$/m.exec(bare)?.[1]
  const files = [...bare.matchAll(/^ +sha512: (\S+)$/gm)].map((match) => ({ sha512: match[1] ?? '' }))
  if (version === undefined || files.length === 0) throw new Error('no feed of electron-builder')
  return `${bare}signature: ${signatureOf({ version, files }, privateKey)}\n`
}
