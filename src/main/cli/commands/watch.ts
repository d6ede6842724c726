import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import type { UploadRequest } from '../../transfer/enqueue.ts'
import { type SettledFile, watchFiles } from '../../transfer/watch.ts'
import { UsageError } from '../args.ts'
import type { Context } from '../context.ts'
import type { EngineRun } from './run-engine.ts'

const NODE_THAT_WATCHES = 24

/**
 * Uploads what is there, then what appears or changes, until Ctrl-C: what runs then is finished, and the command ends by itself.
 * The watching begins first, so that nothing falls between the two.
 */
export async function uploadNew(context: Context, run: EngineRun, request: UploadRequest): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < NODE_THAT_WATCHES) {
    throw new UsageError(`--watch needs Node ${NODE_THAT_WATCHES} or newer; this is ${process.version}`)
  }
  const { signal, output, args } = context
  /** What was sent, by path: a file that is met twice is sent once. */
  const sent = new Map<string, string>()
  const mark = (file: SettledFile): string => `${file.sizeBytes} ${file.modifiedAt}`
  const running = new Set<Promise<unknown>>()
  const settle = (batchId: number): void => {
    const end = run.finished(batchId).finally(() => running.delete(end))
    running.add(end)
    // Told by file; nobody waits for it before the end.
    end.catch(() => undefined)
  }
  let first = true
  const early: SettledFile[] = []
  const take = (files: readonly SettledFile[]): void => {
    const fresh = files.filter((file) => sent.get(file.path) !== mark(file))
    for (const file of fresh) sent.set(file.path, mark(file))
    for (const [folder, group] of Map.groupBy(fresh, ({ path }) => folderOf(path, request))) {
      settle(run.engine.upload({ ...request, folder, paths: group.map(({ path }) => path) }).batchId)
    }
  }
  const watch = await watchFiles({
    paths: request.paths,
    onFiles: (files) => (first ? void early.push(...files) : take(files)),
    onError: (error) => output.note(output.texts.watchFailed(error instanceof Error ? error.message : String(error)))
  })
  try {
    const batchId = run.resumed ?? run.engine.upload(request).batchId
    await run.engine.enqueued(batchId)
    for (const { localPath } of run.rows(batchId)) {
      const facts = localPath === null ? null : await stat(localPath).catch(() => null)
      if (localPath !== null && facts) {
        sent.set(localPath, mark({ path: localPath, sizeBytes: facts.size, modifiedAt: facts.mtimeMs }))
      }
    }
    settle(batchId)
    first = false
    take(early.splice(0))
    if (!args.quiet) output.note(output.texts.watching)
    if (!signal.aborted) await once(signal, 'abort')
  } finally {
    await watch.close()
    await Promise.allSettled(running)
  }
}

/** The virtual folder of a file, as an upload of the whole path would give it. */
function folderOf(path: string, { paths, folder = '' }: UploadRequest): string {
  const root = paths.find((each) => path === each || path.startsWith(`${each}/`) || path.startsWith(`${each}\\`))
  const inside = root === undefined || root === path ? '' : relative(dirname(root), dirname(path)).replaceAll('\\', '/')
  return [folder, inside].filter((part) => part !== '').join('/')
}
