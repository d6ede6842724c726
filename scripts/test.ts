/**
 * npm test: everything the gate asks for, in order of speed; stops at the first step that fails. The last line counts tests as the
 * runners themselves reported them; a step without tests (types, lint …) counts only when it fails.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './lib/build.ts'
import { createScratch } from './lib/scratch.ts'

interface Counts {
  passed: number
  failed: number
  skipped: number
}

interface Step {
  name: string
  command: string[]
  env?: Record<string, string>
  /** Reads the report of the runner. */
  count?: () => Counts
}

const reports = mkdtempSync(join(tmpdir(), 'fdfs-reports-'))
const bin = (name: string) => join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
const report = (name: string): unknown => JSON.parse(readFileSync(join(reports, `${name}.json`), 'utf8'))

function vitest(project: string): Step {
  const file = join(reports, `${project}.json`)
  return {
    name: project,
    command: [bin('vitest'), 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    count() {
      const found = report(project) as { numPassedTests: number; numFailedTests: number; numPendingTests: number; numTodoTests: number }
      return { passed: found.numPassedTests, failed: found.numFailedTests, skipped: found.numPendingTests + found.numTodoTests }
    }
  }
}

const steps: Step[] = [
  { name: 'types', command: [bin('tsc'), '-b'] },
  { name: 'lint', command: [bin('oxlint')] },
  { name: 'format', command: [bin('oxfmt'), '--check'] },
  { name: 'unused', command: [bin('knip')] },
  { name: 'licences', command: [process.execPath, 'scripts/licences.ts'] },
  vitest('unit'),
  vitest('conformance'),
  { name: 'build', command: [bin('electron-vite'), 'build'] },
  { name: 'chromium', command: [process.execPath, 'scripts/ensure-chromium.mjs'] },
  {
    name: 'e2e',
    command: [bin('playwright'), 'test', '--reporter=line,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, 'e2e.json') },
    count() {
      const { stats } = report('e2e') as { stats: { expected: number; unexpected: number; flaky: number; skipped: number } }
      // A test that passed only when tried again did not pass.
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
    }
  },
  {
    name: 'pack',
    command: [process.execPath, 'test/pack/run.ts', '--report', join(reports, 'pack.json')],
    count: () => report('pack') as Counts
  }
]

const total: Counts = { passed: 0, failed: 0, skipped: 0 }
const lines: string[] = []
let broken: string | null = null

for (const step of steps) {
  if (broken !== null) {
    lines.push(`  ${step.name.padEnd(12)} not run`)
    continue
  }
  process.stdout.write(`\n── ${step.name} ──\n`)
  const began = Date.now()
  const ok = run(step)
  const counts = countsOf(step)
  // A runner that breaks down without a failed test (it crashed, its report is missing) is a failure all the same.
  const failed = counts.failed + (!ok && counts.failed === 0 ? 1 : 0)
  total.passed += counts.passed
  total.failed += failed
  total.skipped += counts.skipped
  const numbers = step.count
    ? `, ${counts.passed} passed${counts.failed ? `, ${counts.failed} failed` : ''}${counts.skipped ? `, ${counts.skipped} skipped` : ''}`
    : ''
  lines.push(`  ${step.name.padEnd(12)} ${failed === 0 ? 'ok' : 'FAILED'}${numbers} (${Math.round((Date.now() - began) / 100) / 10} s)`)
  if (failed > 0) broken = step.name
}

rmSync(reports, { recursive: true, force: true })
process.stdout.write(`\n${lines.join('\n')}\n`)
if (total.skipped > 0) process.stdout.write(`${total.skipped} skipped\n`)
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
process.exit(total.failed === 0 ? 0 : 1)

function run(step: Step): boolean {
  const [command = '', ...args] = step.command
  const scratch = createScratch()
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...scratch.env, ...step.env },
    shell: process.platform === 'win32' && command.endsWith('.cmd')
  })
  const left = scratch.remove()
  // What Chromium, npm and Node leave there is theirs.
  const ours = left.filter((name) => /^(fdfs|fastdfs)-/.test(name))
  if (ours.length > 0) process.stdout.write(`${step.name} left behind in the folder for temporary files: ${ours.join(', ')}\n`)
  return status === 0 && ours.length === 0
}

function countsOf(step: Step): Counts {
  try {
    return step.count?.() ?? { passed: 0, failed: 0, skipped: 0 }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
