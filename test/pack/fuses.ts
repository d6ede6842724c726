import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

/** Marks the fuse wire in an Electron program; then version, number, one character per fuse. */
export const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** In the order of the wire, with what ours are set to. null: left as the runtime has it. */
const FUSES = [
  ['runAsNode', '0'],
  ['cookieEncryption', '1'],
  ['nodeOptions', '0'],
  ['nodeCliInspect', '0'],
  ['asarIntegrity', '1'],
  ['onlyAsar', '1'],
  [null, ''],
  ['fileProtocolPrivileges', '0'],
  [null, '']
] as const

/** How many fuses a wire of this version has. */
export const FUSE_COUNT = FUSES.length

/** Throws unless every wire in the program (a universal one has two) is set as ours. */
export function assertFuses(program: string): void {
  const bytes = readFileSync(program)
  let wires = 0
  for (let at = bytes.indexOf(FUSE_SENTINEL); at !== -1; at = bytes.indexOf(FUSE_SENTINEL, at + 1)) {
    wires += 1
    const states = bytes.toString('latin1', at + FUSE_SENTINEL.length + 2, at + FUSE_SENTINEL.length + 2 + FUSE_COUNT)
    for (const [index, [name, state]] of FUSES.entries()) {
      if (name !== null) assert.equal(states[index], state, `fuse ${name} of wire ${wires}`)
    }
  }
  assert.ok(wires > 0, `${program} has no fuses`)
}
