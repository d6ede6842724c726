/** npm run completions: writes out/completions, what the deb package gives to the shells of a system. Needs the build. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from './lib/build.ts'

/** Under the names by which each shell finds them. */
const FILES = { bash: 'fdfs.bash', zsh: '_fdfs', fish: 'fdfs.fish' }
const folder = join(ROOT, 'out/completions')

mkdirSync(folder, { recursive: true })
for (const [shell, name] of Object.entries(FILES)) {
  const { code, output } = await run(process.execPath, [join(ROOT, 'out/main/cli.js'), 'completion', shell])
  if (code !== 0) throw new Error(output)
  writeFileSync(join(folder, name), output)
}
process.stdout.write(`out/completions: ${Object.values(FILES).join(', ')}\n`)
