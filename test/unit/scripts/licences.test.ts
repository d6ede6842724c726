import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../../../scripts/lib/licences.ts'
import { bundledPackages, importedPackages } from '../../../scripts/lib/packages.ts'
import type { BundledPackage } from '../../../scripts/lib/packages.ts'

const one = (change: Partial<BundledPackage>): BundledPackage => ({
  name: 'ours',
  version: '1.0.0',
  licence: 'MIT',
  text: 'MIT License …',
  via: [],
  hasInstallScript: false,
  ...change
})
const PAGE = '| `ours` | why |\n'

describe('the packages of the program', () => {
  it('are all justified, with accepted licences, their texts, and no script at installation', () => {
    expect(problemsOf(bundledPackages())).toEqual([])
  })

  it('are what the sources import, types and the runtime aside', () => {
    const names = importedPackages()
    expect(names).toEqual(expect.arrayContaining(['react', 'zod', 'ws', 'electron-updater', 'tailwindcss']))
    expect(names).not.toContain('electron')
    expect(names.every((name) => !name.startsWith('node:') && !name.startsWith('@types/'))).toBe(true)
    expect(bundledPackages().map(({ name }) => name)).toEqual(expect.arrayContaining([...names, 'scheduler']))
  })

  it.each([
    ['an unknown licence', { licence: 'GPL-3.0' }, 'the licence GPL-3.0 is not among the accepted ones'],
    ['no licence', { licence: 'none' }, 'the licence none is not among the accepted ones'],
    ['no text of it', { text: '' }, 'no text of its licence'],
    ['a script at installation', { hasInstallScript: true }, 'runs a script when it is installed'],
    ['no line on the page', { name: 'other' }, 'not justified in docs/dependencies.md']
  ])('are refused with %s', (_what, change, problem) => {
    expect(problemsOf([one({}), one(change)], PAGE).join('\n')).toContain(problem)
  })

  it('leave no line behind on the page', () => {
    expect(problemsOf([], PAGE)).toEqual(['ours: in docs/dependencies.md, but not in the program'])
  })
})

describe('the lock file', () => {
  interface Lock {
    packages: Record<string, { integrity?: string; resolved?: string; hasInstallScript?: boolean; link?: boolean }>
  }
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock
  const entries = Object.entries(packages).filter(([path]) => path !== '')

  it('holds the hash of every package', () => {
    expect(entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([])
  })

  it('needs no script of any package to run: those that have one are known, and do without it', () => {
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { allowScripts: Record<string, boolean> }
    const scripted = entries.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path.replace(/^.*node_modules\//, ''))
    expect(scripted.filter((name) => allowScripts[name] !== false && name !== 'fsevents')).toEqual([])
  })
})
