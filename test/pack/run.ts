/**
 * node test/pack/run.ts [--report FILE]: packs the application as electron-builder would for a release, looks at what is inside,
 * and runs what is inside. The Electron runtime itself need not be there: a stand-in folder takes its place in the package, and a
 * stand-in `electron` module when it runs.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, hostname, tmpdir } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { BUNDLED } from '../../scripts/lib/bundled-plugin.ts'
import { ensureBuilt, ROOT, run } from '../../scripts/lib/build.ts'
import { bundledPackages } from '../../scripts/lib/packages.ts'
import { createEmbeddedCluster } from '../../src/main/embedded/index.ts'
import { readAsar, unpackAsar } from './asar.ts'
import { createChecks } from './checks.ts'
import type { CheckResult } from './checks.ts'
import { FUSE_COUNT, FUSE_SENTINEL, assertFuses } from './fuses.ts'

const { values } = parseArgs({ options: { report: { type: 'string' } } })
const { check, results } = createChecks()
const work = mkdtempSync(join(tmpdir(), 'fdfs-pack-'))
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string; main: string }

await ensureBuilt()
const listed = await run(process.execPath, [join(ROOT, 'scripts/sbom.ts')])
const dist = standInDistribution()
const asar = await pack('packed')
const files = readAsar(asar)
const hashed = hashes(join(dirname(asar), '..'))
const names = [...files.keys()]

await check('holds the main program, the preload, the page and the manifest', () => {
  for (const needed of [manifest.main, 'out/preload/index.cjs', 'out/renderer/index.html', 'out/main/library-worker.js', 'package.json']) {
    assert.ok(names.includes(needed), `${needed} is missing`)
  }
})
await check('holds nothing else: no packages, sources, tests, maps or data', () => {
  const allowed =
    /^(package\.json|resources\/samples\/.+\.(md|txt|csv|pdf|wav|webm|webp|jpg|png|svg)|out\/main\/[\w./-]+\.js|out\/preload\/index\.cjs|out\/renderer\/(index\.html|licences\.json|[\w./-]+\.(js|css|svg|png|woff2)))$/
  assert.deepEqual(
    names.filter((name) => !allowed.test(name)),
    []
  )
})
await check('brings the command line as a launcher, for every platform', () => {
  const bin = join(dirname(asar), 'bin')
  assert.deepEqual(readdirSync(bin).sort(), ['fdfs', 'fdfs.cmd', 'fdfs.ps1'])
  // The launcher starts the program beside its folder, also through a link, and gives words and status on.
  const elsewhere = join(work, 'launched')
  cpSync(bin, join(elsewhere, 'resources/bin'), { recursive: true })
  writeFileSync(join(elsewhere, 'fastdfs-desktop'), '#!/bin/sh\nfor word in "$@"; do echo "[$word]"; done\nexit 3\n', { mode: 0o755 })
  const linked = join(work, 'linked fdfs')
  symlinkSync(join(elsewhere, 'resources/bin/fdfs'), linked)
  const { status, stdout } = spawnSync(linked, ['upload', 'a b', '--json'], { encoding: 'utf8' })
  assert.deepEqual([status, stdout.split('\n').slice(-5, -1)], [3, ['[--fdfs]', '[upload]', '[a b]', '[--json]']])
})
await check('is what the note on the shell lists', () => {
  const note = readFileSync(join(ROOT, 'docs/decisions/0009-the-shell.md'), 'utf8')
  const [, list = ''] = /```text\n(.*?)```/s.exec(note) ?? []
  const told = list.split('\n').flatMap((line) => /^(\S.*?)(?: {2,}|$)/.exec(line)?.[1] ?? [])
  const inArchive = names.map(
    (name) => `app.asar/${/^(out\/(renderer\/assets|main\/chunks)|resources\/samples)\//.exec(name)?.[0] ?? name}`
  )
  const beside = Object.keys(hashed).map((name) => name.replaceAll('\\', '/'))
  assert.deepEqual([...new Set([...beside, ...inArchive])].sort(), told.sort())
})
await check('has a manifest without scripts and development dependencies', () => {
  const packed = JSON.parse(String(files.get('package.json'))) as Record<string, unknown>
  assert.equal(packed['version'], manifest.version)
  assert.equal(packed['devDependencies'], undefined)
})
await check('has the fuses of the runtime set', () => assertFuses(join(dirname(asar), '..', 'fastdfs-desktop')))
await check('has a list of its parts', () => assert.equal(listed.code, 0, listed.output))
await check('carries the licences of its parts, and beside it the list of them and where updates come from', () => {
  const licences = JSON.parse(String(files.get('out/renderer/licences.json'))) as { name: string; text: string }[]
  assert.deepEqual(
    licences.map(({ name }) => name),
    bundledPackages().map(({ name }) => name)
  )
  assert.ok(licences.every(({ text }) => text.length > 100))
  const sbom = JSON.parse(readFileSync(join(dirname(asar), 'sbom.cdx.json'), 'utf8')) as {
    bomFormat: string
    components: { name: string }[]
  }
  assert.equal(sbom.bomFormat, 'CycloneDX')
  assert.deepEqual(sbom.components.map(({ name }) => name).sort(), [...licences.map(({ name }) => name), 'electron'].sort())
  assert.match(readFileSync(join(dirname(asar), 'app-update.yml'), 'utf8'), /^provider: generic\nurl: https:/)
})
await check('is made of the packages that docs/dependencies.md names, and of no other', () => {
  const real = new Set(
    readdirSync(join(ROOT, BUNDLED)).flatMap((name) => JSON.parse(readFileSync(join(ROOT, BUNDLED, name), 'utf8')) as string[])
  )
  // Styles are no modules.
  if (names.some((name) => name.endsWith('.css') && files.get(name)?.includes('tailwindcss v'))) real.add('tailwindcss')
  const rows = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8').matchAll(/^\| `([^`]+)` *\|(.*)$/gm)
  const told = [...rows].flatMap(([, name = '', row = '']) => (row.includes('not in the bundle') ? [] : [name]))
  assert.deepEqual([...real].sort(), told.sort())
})
await check('is the same, byte for byte, when it is built and packed again', async () => {
  const before = hashes(join(ROOT, 'out'))
  for (const script of [join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'), join(ROOT, 'scripts/sbom.ts')]) {
    const { code, output } = await run(process.execPath, script.endsWith('.js') ? [script, 'build'] : [script])
    assert.equal(code, 0, output)
  }
  assert.deepEqual(hashes(join(ROOT, 'out')), before, 'two builds differ')
  const again = await pack('packed again')
  assert.deepEqual(hashes(join(dirname(again), '..')), hashed, 'two packings differ')
})
await check('tells nothing of the computer that it was built on', () => {
  const telling = [ROOT, homedir(), hostname()].filter((text) => text.length > 5)
  for (const [name, content] of files) for (const text of telling) assert.ok(!content.includes(text), `${name} holds ${text}`)
})
await check('needs no package at run time', () => {
  for (const [name, content] of files) {
    if (!/^out\/(main|preload)\/.*\.c?js$/.test(name)) continue
    const imports = [...content.toString().matchAll(/(?:^|[;\n])\s*(?:import|export)[^;\n]*?from\s*["']([^"'\n]+)["']/g)].map(
      (match) => match[1] ?? ''
    )
    const foreign = imports.filter((specifier) => !/^(node:|\.|electron$)/.test(specifier))
    assert.deepEqual(foreign, [], `${name} imports ${foreign.join(', ')}`)
  }
})

const unpacked = join(work, 'app')
unpackAsar(files, unpacked)
await check('is its own command line, without a window', () => {
  const fdfs = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'command-line.ts'), unpacked, ...words], {
      encoding: 'utf8'
    })
    return { status, stdout: stdout.split('\n')[0], stderr }
  }
  const id = 'group1/M00/00/00/fwABAWsDaTyAP2JSAAAABcHr97o151.txt'
  const { status, stdout, stderr } = fdfs('decode', id, '--json')
  assert.equal(status, 0, stderr)
  assert.equal((JSON.parse(stdout ?? '') as { id: string }).id, id)
  assert.equal(fdfs('nonsense').status, 2)
})
// Where Debian's own tool is: the package is made, and taken apart again.
if (process.platform === 'linux' && spawnSync('dpkg-deb', ['--version']).status === 0) {
  await check('comes as a deb package, which puts fdfs on the PATH and completes it', async () => {
    const root = join(work, 'installed')
    const { status, stderr } = spawnSync('dpkg-deb', ['-x', await packDeb(), root], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    // In place of the program: it drops the words of the launcher, as Electron does with those of Chromium.
    const program = `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${join(import.meta.dirname, 'command-line.ts')}" "${unpacked}" "$@"\n`
    writeFileSync(join(root, 'opt/FastDFS Desktop/fastdfs-desktop'), program, { mode: 0o755 })
    const env = { ...process.env, PATH: `${join(root, 'usr/bin')}${delimiter}${process.env['PATH']}` }
    const fdfs = spawnSync('fdfs', ['--version'], { encoding: 'utf8', env })
    assert.deepEqual([fdfs.status, fdfs.stdout], [0, `${manifest.version}\n`], fdfs.stderr)
    const bash = 'source "$0"; COMP_WORDS=(fdfs dow); COMP_CWORD=1; _fdfs; echo "${COMPREPLY[@]}"'
    const completed = spawnSync('bash', ['-c', bash, join(root, 'usr/share/bash-completion/completions/fdfs')], { encoding: 'utf8' })
    assert.equal(completed.stdout, 'download\n', completed.stderr)
    assert.match(readFileSync(join(root, 'usr/share/zsh/vendor-completions/_fdfs'), 'utf8'), /^#compdef fdfs\n/)
    assert.match(readFileSync(join(root, 'usr/share/fish/vendor_completions.d/fdfs.fish'), 'utf8'), /^complete -c fdfs -f$/m)
    const entry = readFileSync(join(root, 'usr/share/applications/fastdfs-desktop.desktop'), 'utf8')
    assert.match(entry, /^Exec="\/opt\/FastDFS Desktop\/fastdfs-desktop" %U$/m)
    assert.match(entry, /^MimeType=.*x-scheme-handler\/fastdfs-desktop;/m)
    assert.match(entry, /^Actions=NewWindow;UploadFiles;/m)
    assert.ok(readdirSync(join(root, 'usr/share/icons/hicolor')).length > 6)
  })
}
await drive('drive.ts', 'data')
await drive('windows.ts', 'windows')

for (const [version, program] of otherNodes()) {
  await check(`the packed command line uploads and downloads on Node ${version}`, async () => {
    const cluster = await createEmbeddedCluster({ dir: join(work, `cluster-${version}`), groups: { group1: 1 }, reservedBytes: 0 })
    try {
      const source = join(work, 'source.bin')
      writeFileSync(source, randomBytes(9_000_000))
      const fdfs = async (...args: string[]) => {
        const cli = [join(unpacked, 'out/main/cli.js'), ...args, '--trackers', cluster.trackers.join(','), '--json']
        const { code, output } = await run(program, cli, { timeoutMs: 60_000 })
        assert.equal(code, 0, output)
        return JSON.parse(output) as { id: string; path: string }
      }
      const { id } = await fdfs('upload', source)
      const { path } = await fdfs('download', id, '-o', join(work, `target-${version}`))
      assert.ok(readFileSync(path).equals(readFileSync(source)))
    } finally {
      await cluster.close()
    }
  })
}

rmSync(work, { recursive: true, force: true })
for (const { name, error } of results)
  process.stdout.write(`  ${error === null ? 'ok  ' : 'FAIL'} ${name}${error === null ? '' : `\n       ${error}`}\n`)
const failed = results.filter((result) => result.error !== null).length
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ passed: results.length - failed, failed, skipped: 0 }))
process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)

/** Runs the packed program by a script of ours in a process of its own; what it checked counts with the rest. */
async function drive(script: string, data: string): Promise<void> {
  const { output } = await run(process.execPath, [join(ROOT, 'test/pack', script), unpacked, join(work, data)], { timeoutMs: 240_000 })
  const marker = 'RESULTS '
  const line = output.split('\n').find((text) => text.startsWith(marker))
  const driven = line === undefined ? null : (JSON.parse(line.slice(marker.length)) as CheckResult[])
  await check(`${script} runs to its end`, () => assert.ok(driven !== null, output.slice(-2000)))
  results.push(...(driven ?? []))
}

/** SHA-256 of every file below a folder, by its path there. */
function hashes(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = found.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(paths.map((path) => [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')]))
}

/** Runs electron-builder for Linux, unpacked folder only, and returns the path of app.asar. */
async function pack(name: string): Promise<string> {
  const output = join(work, name)
  const args = ['--linux', 'dir', '--publish', 'never', `-c.electronDist=${dist}`, `-c.directories.output=${output}`]
  const done = await run(process.execPath, [join(ROOT, 'node_modules/electron-builder/cli.js'), ...args])
  if (done.code !== 0) {
    process.stderr.write(done.output)
    throw new Error('electron-builder failed')
  }
  return join(output, 'linux-unpacked', 'resources', 'app.asar')
}

/** The deb package of what was packed before, and its path. */
async function packDeb(): Promise<string> {
  const completions = await run(process.execPath, [join(ROOT, 'scripts/completions.ts')])
  assert.equal(completions.code, 0, completions.output)
  const fpm = join(work, 'fpm')
  writeFileSync(fpm, `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, 'fpm.ts')}" "$@"\n`, { mode: 0o755 })
  const output = join(work, 'deb')
  const args = ['--linux', 'deb', '--publish', 'never', '--prepackaged', join(dirname(asar), '..'), `-c.directories.output=${output}`]
  const env = { ...process.env, CUSTOM_FPM_PATH: fpm }
  const done = await run(process.execPath, [join(ROOT, 'node_modules/electron-builder/cli.js'), ...args], { env })
  assert.equal(done.code, 0, done.output)
  return join(output, readdirSync(output).find((name) => name.endsWith('.deb')) ?? '')
}

/** What electron-builder needs to find where the runtime would be. */
function standInDistribution(): string {
  const dist = join(work, 'electron')
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/electron/package.json'), 'utf8')) as { version: string }
  for (const folder of ['locales', 'resources']) mkdirSync(join(dist, folder), { recursive: true })
  // With a fuse wire like that of the real one, each the other way round than ours, so that electron-builder has something to set.
  writeFileSync(join(dist, 'electron'), `${FUSE_SENTINEL}\u0001${String.fromCharCode(FUSE_COUNT)}${'101100111'}`, {
    mode: 0o755
  })
  writeFileSync(join(dist, 'version'), `v${version}`)
  for (const empty of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak']) writeFileSync(join(dist, empty), '')
  return dist
}

/** Programs `node` of this computer by their version, as far as the command line supports them and this is not one of them. */
function otherNodes(): Map<string, string> {
  const found = new Map<string, string>()
  for (const folder of new Set((process.env['PATH'] ?? '').split(delimiter))) {
    const program = join(folder, 'node')
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
    const [major = 0, minor = 0] = (stdout ?? '').trim().slice(1).split('.').map(Number)
    const version = `${major}.${minor}`
    const supported = major > 20 || (major === 20 && minor >= 19)
    if (status === 0 && supported && !process.version.startsWith(`v${version}.`) && !found.has(version)) found.set(version, program)
  }
  return found
}
