import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { ROOT } from './build.ts'

/** A package that is part of what users get. */
export interface BundledPackage {
  name: string
  version: string
  /** As the package declares it (SPDX). */
  licence: string
  /** The text of its licence; '' when it has none. */
  text: string
  /** The names of the packages that brought it; [] for those that our sources import. */
  via: string[]
  hasInstallScript: boolean
}

interface Manifest {
  name: string
  version: string
  author?: string | { name: string }
  license?: string | { type: string }
  dependencies?: Record<string, string>
  scripts?: Record<string, string>
}

/** Comes beside the program and brings its own licences. */
const RUNTIME = 'electron'

/** What our sources import from packages, types aside. `root`: the folder of the project. */
export function importedPackages(root = ROOT): string[] {
  const names = new Set<string>()
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(tsx?|css)$/.test(entry.name)) continue
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const specifier of specifiersOf(source)) {
      if (/^[./]/.test(specifier) || specifier.startsWith('node:') || builtinModules.includes(specifier)) continue
      names.add(
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/')
      )
    }
  }
  names.delete(RUNTIME)
  return [...names].sort()
}

function specifiersOf(source: string): string[] {
  const patterns = [
    /^\s*(?:import|export)\s+(?!type\b)(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]/g,
    /@import\s+['"]([^'"]+)['"]/g
  ]
  return patterns.flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1] ?? ''))
}

/** What our sources import, and everything that those packages need, sorted by name. More than the bundler keeps, never less. */
export function bundledPackages(root = ROOT): BundledPackage[] {
  const found = new Map<string, BundledPackage>()
  const visit = (name: string, from: string, via: string | null) => {
    const folder = folderOf(name, from)
    // An optional peer that nobody installed cannot be in the bundle.
    if (folder === null) return
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    const known = found.get(folder)
    if (known) {
      if (via !== null && !known.via.includes(via)) known.via.push(via)
      return
    }
    const { license, author, scripts = {} } = manifest
    const licence = (typeof license === 'string' ? license : license?.type) ?? 'none'
    const holder = (typeof author === 'string' ? author : author?.name) ?? `the authors of ${name}`
    found.set(folder, {
      name,
      version: manifest.version,
      licence,
      text: licenceText(folder) || (licence === 'MIT' ? mit(holder) : ''),
      via: via === null ? [] : [via],
      hasInstallScript:
        ['preinstall', 'install', 'postinstall'].some((script) => script in scripts) || existsSync(join(folder, 'binding.gyp'))
    })
    for (const dependency of Object.keys(manifest.dependencies ?? {})) visit(dependency, folder, name)
  }
  for (const name of importedPackages(root)) visit(name, root, null)
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1))
}

/** As Node finds it: the nearest node_modules that has it. */
function folderOf(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name)
    if (existsSync(join(path, 'package.json'))) return path
    if (folder === dirname(folder)) return null
  }
}

function licenceText(folder: string): string {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(name))
  return names
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').trim())
    .join('\n\n')
}

/** For packages that name the licence and forgot its text. */
function mit(holder: string): string {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
}
