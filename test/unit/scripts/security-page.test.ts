import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('the page on security names tests that there are', () => {
  const page = readFileSync('docs/security.md', 'utf8')
  const named = [...page.matchAll(/`((?:test\/)?[a-z]+\/[a-z0-9-]+)`/g)].map((match) => match[1] ?? '')
  expect(named.length).toBeGreaterThan(20)
  const missing = named.filter((name) => {
    if (name.startsWith('test/') || existsSync(join('test/unit', name))) return !existsSync(name) && !existsSync(join('test/unit', name))
    const [room = '', file = ''] = name.split('/')
    return !readdirSync(join('test/unit', room)).some((each) => each.startsWith(`${file}.test.`))
  })
  expect(missing).toEqual([])
})
