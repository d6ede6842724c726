/** npm run -s fdfs -- …: the command line from a checkout; built first when it is not. Arguments, streams and exit status pass through. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ROOT } from './lib/build.ts'
import { endWithParent } from './lib/orphan.ts'

try {
  await ensureBuilt()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
// npm runs scripts in the project's folder; the paths the user gave are relative to where the user is.
const child = spawn(process.execPath, [join(ROOT, 'out/main/cli.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: process.env['INIT_CWD'] ?? process.cwd()
})
// From a terminal Ctrl-C reaches both: passed on as well it would count twice, and twice means "at once".
const fromTerminal = process.stdin.isTTY || process.stderr.isTTY
process.on('SIGINT', () => fromTerminal || child.kill('SIGINT'))
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
endWithParent(() => child.kill('SIGTERM'))
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
child.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
})
