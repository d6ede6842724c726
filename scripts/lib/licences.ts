import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './build.ts'
import type { BundledPackage } from './packages.ts'

/** Licences that a program under the MIT licence may pass on in a bundle, when their texts go along. */
const ACCEPTED = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Python-2.0',
  'Unlicense',
  'CC0-1.0'
])

/** Where every bundled package is justified. */
const PAGE = 'docs/dependencies.md'

/** What stands in the way of shipping these packages; [] = nothing. `page`: the text of docs/dependencies.md. */
export function problemsOf(packages: readonly BundledPackage[], page = readFileSync(join(ROOT, PAGE), 'utf8')): string[] {
  const listed = new Set([...page.matchAll(/^\| `([^`]+)` *\|/gm)].map((match) => match[1] ?? ''))
  const problems: string[] = []
  for (const { name, version, licence, text, hasInstallScript } of packages) {
    const which = `${name} ${version}`
    if (!ACCEPTED.has(licence)) problems.push(`${which}: the licence ${licence} is not among the accepted ones`)
    if (text === '') problems.push(`${which}: no text of its licence`)
    if (hasInstallScript) problems.push(`${which}: runs a script when it is installed`)
    if (!listed.has(name)) problems.push(`${which}: not justified in ${PAGE}`)
  }
  const present = new Set(packages.map(({ name }) => name))
  for (const name of listed) if (!present.has(name)) problems.push(`${name}: in ${PAGE}, but not in the program`)
  return problems
}
