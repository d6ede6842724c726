/**
 * npm run sbom: writes out/sbom.cdx.json (CycloneDX), the parts that the program is made of: npm's own list by the lock file,
 * without what only builds and tests it. The packager puts it beside the program.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from './lib/build.ts'
import { bundledPackages } from './lib/packages.ts'

interface Part {
  'bom-ref': string
  name: string
  version: string
  properties?: { name: string; value: string }[]
}
interface Sbom {
  metadata: { timestamp?: string; component: { name: string } }
  serialNumber?: string
  components: Part[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

const npm = process.env['npm_execpath']
const words = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only']
const { code, output } = npm ? await run(process.execPath, [npm, ...words]) : await run('npm', words)
if (code !== 0) {
  process.stderr.write(output)
  process.exit(1)
}
const all = JSON.parse(output.slice(output.indexOf('{'))) as Sbom
const refs = new Set([...bundledPackages().map(({ name, version }) => `${name}@${version}`), ...electron()])
const root = all.metadata.component as Part
root.name = 'fastdfs-desktop'
// The same parts give the same bytes, whenever and wherever it is built.
delete all.metadata.timestamp
delete all.serialNumber
// npm tells what is a dependency of development; for a bundle that is everything.
const components = all.components
  .filter((part) => refs.has(part['bom-ref']))
  .map((part) => ({
    ...part,
    properties: (part.properties ?? []).filter(({ name }) => !/^cdx:npm:package:(development|path)$/.test(name))
  }))
const missing = [...refs].filter((ref) => !components.some((part) => part['bom-ref'] === ref))
if (missing.length > 0) {
  process.stderr.write(`npm does not list ${missing.join(', ')}\n`)
  process.exit(1)
}
const dependencies = all.dependencies
  .filter(({ ref }) => refs.has(ref) || ref === root['bom-ref'])
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }))
mkdirSync(join(ROOT, 'out'), { recursive: true })
writeFileSync(join(ROOT, 'out/sbom.cdx.json'), `${JSON.stringify({ ...all, components, dependencies }, null, 2)}\n`)
process.stdout.write(`out/sbom.cdx.json: ${components.length} parts\n`)

/** The runtime is a part of the program too, though no module of it is bundled. */
function electron(): string[] {
  return all.components.filter(({ name }) => name === 'electron').map((part) => part['bom-ref'])
}
