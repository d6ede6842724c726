import { createPublicKey, verify } from 'node:crypto'

/** What a feed of updates tells of a version, as far as its signature covers it. */
export interface Announcement {
  version: string
  files: readonly { sha512: string }[]
  /** Ed25519 by the publisher's key, base64; `npm run sign-feed` writes it. */
  signature?: unknown
}

/** The bytes that are signed: which version it is, and the hash of every file of it. */
export function statementOf({ version, files }: Announcement): Buffer {
  return Buffer.from(JSON.stringify(['fastdfs-desktop update', version, files.map(({ sha512 }) => sha512).sort()]))
}

/** Whether the publisher announced this, and not only whoever owns the server. `publicKey`: base64 of the SPKI form. */
export function isSigned(announcement: Announcement, publicKey: string): boolean {
  const { signature } = announcement
  if (typeof signature !== 'string' || signature.length > 200) return false
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' && verify(null, statementOf(announcement), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
