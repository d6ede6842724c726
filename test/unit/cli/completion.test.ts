import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { OPTIONS } from '../../../src/main/cli/args.ts'
import { fdfs } from '../../support/fdfs.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const
type Shell = (typeof SHELLS)[number]
const PROGRAMS: Record<Shell, string> = { bash: 'bash', zsh: 'zsh', fish: 'fish', powershell: 'pwsh' }
// The bash of macOS is too old for what the script uses, and Windows has none of its own.
const has = (shell: Shell) =>
  !(shell === 'bash' && process.platform !== 'linux') &&
  spawnSync(PROGRAMS[shell], [shell === 'powershell' ? '-Version' : '--version'], { stdio: 'ignore' }).status === 0

const scripts = new Map<Shell, string>()
beforeAll(async () => {
  for (const shell of SHELLS) scripts.set(shell, (await fdfs(['completion', shell])).stdout)
})

/** What each shell offers for the last word of a line, in a folder with the files `a.png` and `ab.png`; sorted. */
const OFFERED: Record<Shell, (script: string, folder: string, line: string) => string[]> = {
  bash(script, folder, line) {
    const code = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fdfs; printf '%s\\n' "\${COMPREPLY[@]}"`
    return lines(execFileSync('bash', ['-c', code, '-', script, ...line.split(' ')], { encoding: 'utf8', cwd: folder }))
  },
  // A terminal of its own: what the line has become after a tab, until nothing more is clear.
  zsh(script, folder, line) {
    const code = `zmodload zsh/zpty; zpty shell zsh -f -i
      zpty -w shell "PS1=; unsetopt beep; autoload -Uz compinit; compinit -D -u; source \${(q)1}"
      zpty -w shell "show() { print -r -- \\"LINE<\\$BUFFER>\\" }; zle -N show; bindkey '^Xs' show; print IS_\\"\\"READY"
      zpty -r -m shell seen '*IS_READY*'
      zpty -w -n shell "$2"$'\\t\\x18s'
      zpty -r -m shell seen '*LINE<*>*'; print -r -- "\${\${seen##*LINE<}%%>*}"; zpty -d shell`
    const became = execFileSync('zsh', ['-fc', code, '-', script, line], { encoding: 'utf8', cwd: folder, timeout: 30_000 }).replace(
      '\n',
      ''
    )
    return became.endsWith(' ') ? [became.trimEnd().slice(line.lastIndexOf(' ') + 1)] : []
  },
  fish(script, folder, line) {
    const code = 'source $argv[1]; complete -C $argv[2]'
    const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: join(folder, '.config'), XDG_DATA_HOME: join(folder, '.data') }
    const text = execFileSync('fish', ['--no-config', '-c', code, script, line], { encoding: 'utf8', cwd: folder, env })
    return lines(text).map((each) => each.split('\t')[0] ?? '')
  },
  powershell(script, folder, line) {
    const code = `. $args[0]; (TabExpansion2 -inputScript $args[1] -cursorColumn $args[1].Length).CompletionMatches.CompletionText`
    const file = join(folder, 'ask.ps1')
    writeFileSync(file, code)
    const args = ['-NoProfile', '-NonInteractive', '-File', file, script, line]
    return lines(execFileSync('pwsh', args, { encoding: 'utf8', cwd: folder })).map((each) => each.replace(/^\.[/\\]/, ''))
  }
}

function lines(text: string): string[] {
  return [...new Set(text.split(/\r?\n/).filter((line) => line !== ''))].toSorted()
}

describe.each(SHELLS)('completion in %s', (shell) => {
  const offered = async (line: string) => {
    const folder = await tempDir()
    for (const name of ['a.png', 'ab.png']) writeFileSync(join(folder, name), '')
    const file = join(folder, shell === 'powershell' ? 'fdfs.ps1' : 'fdfs.completion')
    writeFileSync(file, scripts.get(shell) ?? '')
    return OFFERED[shell](file, folder, line)
  }

  // Where the shell is: it is asked itself, as after a press of the tab key.
  it.skipIf(!has(shell))('offers what can follow: commands, options, values, files', async () => {
    const cases: [line: string, words: string[]][] = [
      ['fdfs u', ['upload']],
      ['fdfs dow', ['download']],
      ['fdfs download --con', ['--conflict']],
      ['fdfs download group1/M00/x --con', ['--conflict']],
      ['fdfs download --conflict o', ['overwrite']],
      ['fdfs upload --read', ['--read-only']],
      ['fdfs meta m', ['merge']],
      ['fdfs completion f', ['fish']],
      ['fdfs help sy', ['sync']],
      ['fdfs upload ab', ['ab.png']],
      ['fdfs upload --group ab', shell === 'powershell' ? ['ab.png'] : []]
    ]
    for (const [line, words] of cases) expect(await offered(line), `${line}`).toEqual(words)
  })

  it('knows every command of the help page, and every option but --version', async () => {
    const script = scripts.get(shell) ?? ''
    const { stdout: help } = await fdfs(['--help'])
    const commands = [...help.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name)
    expect(commands.length).toBeGreaterThan(10)
    for (const name of commands) expect(script).toContain(name)
    for (const name of Object.keys(OPTIONS).filter((each) => each !== 'version')) {
      expect(script, `${name}`).toMatch(new RegExp(shell === 'fish' ? `-l ${name}\\b` : `--${name}\\b`))
    }
  })
})

it('says which shells it knows', async () => {
  expect(await fdfs(['completion', 'tcsh'])).toMatchObject({ status: 2, stderr: expect.stringContaining('bash, zsh, fish, powershell') })
})
