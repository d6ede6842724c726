/**
 * npm run licences: lists the packages that are part of the program, with their licences, and ends with 1 when one of them may not
 * be: an unknown licence, no text of it, a script that runs when it is installed, no line in docs/dependencies.md.
 */
import { problemsOf } from './lib/licences.ts'
import { bundledPackages } from './lib/packages.ts'

const packages = bundledPackages()
const width = Math.max(...packages.map(({ name }) => name.length))
for (const { name, version, licence, via } of packages) {
  process.stdout.write(
    `${name.padEnd(width)}  ${version.padEnd(8)}  ${licence.padEnd(13)}${via.length > 0 ? `  by ${via.join(', ')}` : ''}\n`
  )
}
const problems = problemsOf(packages)
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.stdout.write(`${packages.length} packages, ${problems.length} problems\n`)
process.exitCode = problems.length === 0 ? 0 : 1
