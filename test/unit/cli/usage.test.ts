import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import { OPTIONS, parseCliArgs, parsePairs } from '../../../src/main/cli/args.ts'
import { helpPage } from '../../../src/main/cli/help.ts'
import { fdfs } from '../../support/fdfs.ts'

vi.setConfig({ testTimeout: 120_000 })

const ID = 'group1/M00/00/00/fwAAA2sDCdWAQXzqAAAAFCxm7xU024.txt'
const NOWHERE = ['--trackers', '127.0.0.1:1']

test.each([
  [[], 'which command?'],
  [['frobnicate'], "no command 'frobnicate'"],
  [['constructor'], "no command 'constructor'"],
  [['upload', 'a', '--no-such-option'], '--no-such-option'],
  [['upload', 'a', '--group'], '--group'],
  [['upload', ...NOWHERE], 'at least one path'],
  [['upload', 'a', '--meta', 'novalue', ...NOWHERE], "'novalue' is not of the form key=value"],
  [['upload', 'a', '--jobs', '0', ...NOWHERE], '--jobs'],
  [['download', ID, ...NOWHERE], '-o DIR'],
  [['download', '-o', 'x', ...NOWHERE], 'at least one file ID'],
  [['zip', ID, ...NOWHERE], '-o FILE'],
  [['info', ...NOWHERE], 'at least one file ID'],
  [['meta', ...NOWHERE], 'get, set or merge'],
  [['meta', 'set', ...NOWHERE], 'needs a file ID'],
  [['meta', 'merge', ID, ...NOWHERE], 'at least one key=value'],
  [['meta', 'set', ID, '=x', ...NOWHERE], "'=x' is not of the form key=value"],
  [['ls', ...NOWHERE], 'one group name'],
  [['ls', 'group1', '--path', '256', ...NOWHERE], '--path'],
  [['groups', 'more', ...NOWHERE], 'no arguments'],
  [['doctor', 'more', ...NOWHERE], 'no arguments'],
  [['info', ID], 'which cluster?']
] as const)('wrong usage is status 2 with one sentence and nothing on standard output: %j', async (args, words) => {
  const run = await fdfs(args)
  expect(run).toMatchObject({ status: 2, stdout: '' })
  expect(run.stderr).toContain(words)
  expect(run.stderr.trim().split('\n')).toHaveLength(1)
})

test('an option that is no choice, and numbers that are none, are refused', () => {
  expect(() => parseCliArgs(['download', '--conflict', 'ask'])).toThrow(/rename, overwrite or skip/)
  for (const jobs of ['0', '33', '1.5', 'x', '']) expect(() => parseCliArgs(['upload', '--jobs', jobs])).toThrow(/--jobs/)
  expect(parseCliArgs(['upload', 'a', '-j', '32']).jobs).toBe(32)
})

test('pairs may hold = in the value; empty and repeated keys are refused', () => {
  expect(parsePairs(['a=b=c', 'd='])).toEqual({ a: 'b=c', d: '' })
  expect(parsePairs(['__proto__=x'])).toEqual(JSON.parse('{"__proto__":"x"}'))
  expect(() => parsePairs(['a=1', 'a=2'])).toThrow(/twice/)
  expect(() => parsePairs(['=1'])).toThrow(/key=value/)
})

test('help and version need no cluster and end with status 0', async () => {
  const [general, page, version] = await Promise.all([fdfs(['--help']), fdfs(['upload', '--help']), fdfs(['--version'])])
  expect(general).toMatchObject({ status: 0, stderr: '' })
  expect(general.stdout).toContain('Usage: fdfs COMMAND')
  expect(page).toMatchObject({ status: 0, stdout: `${helpPage('upload')}\n` })
  const manifest = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { version: string }
  expect(version.stdout).toBe(`${manifest.version}\n`)
})

const COMMANDS = [...helpPage('').matchAll(/^ {2}([a-z]+) (?=[A-Za-z…. -]*)/gm)].map(([, name = '']) => name)

test('every command has a page of its own that begins with its usage', () => {
  expect([...new Set(COMMANDS)].toSorted()).toEqual(
    ['completion', 'decode', 'delete', 'doctor', 'download', 'groups', 'info', 'ls', 'meta', 'sync', 'upload', 'zip'].toSorted()
  )
  for (const command of COMMANDS) expect(helpPage(command)).toMatch(new RegExp(`^Usage: fdfs ${command}\\b`))
  expect(helpPage('constructor')).toBe(helpPage(''))
})

test.each([...new Set(COMMANDS)])('the page of %s has examples that the command line understands', (command) => {
  const [, examples = ''] = helpPage(command).split(/\nExamples?\n/)
  const commands = examples.split('\n').flatMap((line) => /\bfdfs( [^"|<>()]+)/g.exec(line.trim())?.[1] ?? [])
  expect(commands.length).toBeGreaterThan(0)
  for (const words of commands) {
    const args = parseCliArgs(words.trim().split(/\s+/))
    expect([command, 'ls']).toContain(args.command)
  }
  // Every option that the page lists is one.
  for (const [, option = ''] of helpPage(command).matchAll(/(--[a-z-]+)/g)) expect(Object.keys(OPTIONS)).toContain(option.slice(2))
})

test.each(['', ...new Set(COMMANDS)])('the Chinese page of %j has the same options and examples', (command) => {
  const [english, chinese] = [helpPage(command), helpPage(command, 'zh-CN')]
  const options = (page: string) => [...page.matchAll(/^ +(?:-\w, )?(--[a-z-]+(?: [A-Z=]+)?)/gm)].map(([, option]) => option)
  const commands = (page: string) => page.split('\n').flatMap((line) => /^ +.*\bfdfs [^("（]+/.exec(line)?.[0].trim() ?? [])
  expect(options(chinese)).toEqual(options(english))
  expect(commands(chinese).map((line) => line.replace(/ +/g, ' '))).toEqual(commands(english).map((line) => line.replace(/ +/g, ' ')))
  expect(chinese).toMatch(/\p{Script=Han}/u)
  // No ASCII punctuation between Chinese characters.
  expect(chinese).not.toMatch(/\p{Script=Han}[,;:!?]\s?\p{Script=Han}/u)
})

test('help is in the language of the terminal', async () => {
  const { stdout } = await fdfs(['upload', '--help'], { env: { LC_ALL: '', LANG: 'zh_CN.UTF-8' } })
  expect(stdout).toBe(`${helpPage('upload', 'zh-CN')}\n`)
})
