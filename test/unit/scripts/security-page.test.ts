import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const page = readFileSync('docs/security.md', 'utf8')
const NAME = /`((?:test\/)?[a-z0-9]+\/[a-z0-9-]+)`/g

/** Whether a name of the page is that of a test: `room/file` or `room/folder` below test/unit, or a folder in full. */
function isTest(name: string): boolean {
  if (name.startsWith('test/')) return existsSync(name)
  const [room = '', file = ''] = name.split('/')
  if (!existsSync(join('test/unit', room))) return false
  if (existsSync(join('test/unit', name))) return true
  return readdirSync(join('test/unit', room)).some((each) => new RegExp(`^${file}\\.test\\.tsx?$`).test(each))
}

describe('the page on security', () => {
  it('names tests that there are', () => {
    const named = [...page.matchAll(NAME)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !isTest(name))).toEqual([])
    expect([isTest('app/no-such-test'), isTest('nowhere/dispatch')]).toEqual([false, false])
  })

  it('has a test for every defence', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| '))
    const [head = '', , ...defences] = [rows[0], '', ...rows.slice(2)]
    expect(head).toContain('Tested in')
    expect(defences.length).toBeGreaterThan(10)
    for (const row of defences) {
      const cells = row.split('|').slice(1, -1)
      expect(cells).toHaveLength(4)
      const tests = cells[3] ?? ''
      expect([...tests.matchAll(NAME)].length > 0 || tests.includes('packed'), `${cells[0]}`).toBe(true)
    }
  })

  it('leaves no item of the checklist without a test', () => {
    const tests = readFileSync('test/unit/electron/checklist.test.ts', 'utf8')
    const numbers = [...tests.matchAll(/^ {2}it\('([\d. and]+)/gm)].flatMap(([, text = '']) => [...text.matchAll(/\d+/g)].map(Number))
    expect(numbers).toEqual(Array.from({ length: 20 }, (_none, index) => index + 1))
  })
})
