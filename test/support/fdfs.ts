import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

/** Where the command line keeps its journals in tests: nothing of the user's is touched. */
const DATA_HOME = mkdtempSync(join(tmpdir(), 'fdfs-cli-'))
/** Node's own cache of compiled sources: the command line is started hundreds of times. */
const COMPILED = join(DATA_HOME, 'compiled')
afterAll(() => rmSync(DATA_HOME, { recursive: true, force: true, maxRetries: 3 }))

export const CLI = resolve(import.meta.dirname, '../../src/main/cli/index.ts')

export interface FdfsRun {
  /** null when a signal ended it. */
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** Standard output as JSON lines; throws when a line is none. */
  objects(): Record<string, unknown>[]
}

export interface FdfsOptions {
  /** Standard input; null leaves it open. */
  input?: string | null | undefined
  env?: Record<string, string> | undefined
  cwd?: string | undefined
  uid?: number | undefined
  /** A program that runs the command line, with its own arguments in front. */
  through?: readonly [string, ...string[]] | undefined
}

export interface RunningFdfs {
  child: ChildProcessWithoutNullStreams
  /** Resolves when standard output or standard error holds the text. */
  says(text: string): Promise<void>
  ended: Promise<FdfsRun>
}

/** `fdfs …` as a user runs it: a process of its own, English, without a cluster from the environment. */
export function startFdfs(args: readonly string[], options: FdfsOptions = {}): RunningFdfs {
  const { FDFS_TRACKERS: _, ...env } = process.env
  const [program, ...first] = [...(options.through ?? []), process.execPath, CLI]
  const child = spawn(program!, [...first, ...args], {
    cwd: options.cwd,
    uid: options.uid,
    env: { ...env, XDG_DATA_HOME: DATA_HOME, NODE_COMPILE_CACHE: COMPILED, LC_ALL: 'C', NODE_NO_WARNINGS: '1', ...options.env }
  })
  let stdout = ''
  let stderr = ''
  const waiting = new Set<() => void>()
  const heard = (): void => waiting.forEach((check) => check())
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    heard()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    heard()
  })
  child.stdin.on('error', () => undefined)
  if (options.input !== null) child.stdin.end(options.input ?? '')
  const ended = new Promise<FdfsRun>((done, failed) => {
    child.once('error', failed)
    child.once('close', (status, signal) => done({ status, signal, stdout, stderr, objects: () => parseLines(stdout) }))
  })
  const says = (text: string): Promise<void> =>
    new Promise((done, failed) => {
      const check = (): void => {
        if (!stdout.includes(text) && !stderr.includes(text)) return
        waiting.delete(check)
        done()
      }
      waiting.add(check)
      void ended.then(() => failed(new Error(`fdfs ended without saying '${text}': ${stdout}${stderr}`)))
      check()
    })
  return { child, says, ended }
}

export function fdfs(args: readonly string[], options?: FdfsOptions): Promise<FdfsRun> {
  return startFdfs(args, options).ended
}

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
