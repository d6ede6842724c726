/**
 * npm run sign-feed: signs the feeds of updates in dist/ (latest*.yml) with the key in UPDATE_PRIVATE_KEY (PEM, Ed25519). Copies that
 * were built with MAIN_VITE_UPDATE_KEY (the other half, base64 of its SPKI form) believe no other announcement.
 * npm run sign-feed -- --new-key prints a pair.
 */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './lib/build.ts'
import { signedFeed } from './lib/feed.ts'

if (process.argv.includes('--new-key')) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  process.stdout.write(`MAIN_VITE_UPDATE_KEY=${publicKey.export({ format: 'der', type: 'spki' }).toString('base64')}\n`)
  process.stdout.write(`UPDATE_PRIVATE_KEY:\n${privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()}`)
} else {
  const pem = process.env['UPDATE_PRIVATE_KEY']
  const folder = join(ROOT, 'dist')
  const feeds = readdirSync(folder).filter((name) => /^latest.*\.yml$/.test(name))
  if (!pem || feeds.length === 0) {
    process.stderr.write(pem ? 'There is no feed in dist/.\n' : 'UPDATE_PRIVATE_KEY is not set.\n')
    process.exit(1)
  }
  const key = createPrivateKey(pem)
  for (const name of feeds) {
    const path = join(folder, name)
    writeFileSync(path, signedFeed(readFileSync(path, 'utf8'), key))
    process.stdout.write(`${name}: signed\n`)
  }
}
