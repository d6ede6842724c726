/** Commands that move content: upload, sync, download, zip. The transfer engine does the work. */
import { statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { UploadRequest } from '../../transfer/enqueue.ts'
import { onDisk, onDiskSync } from '../../transfer/on-disk.ts'
import { parsePairs, UsageError } from '../args.ts'
import { type Context, idsOf } from '../context.ts'
import { printable } from '../output.ts'
import { type EngineRun, PROFILE, withEngine } from './run-engine.ts'
import { withLibrary } from './sync-library.ts'
import { uploadNew } from './watch.ts'

export async function upload(context: Context): Promise<void> {
  const request = await uploadRequest(context)
  await withEngine(context, { words: [request], interruptible: !context.args.watch }, (run) => send(context, run, request))
}

/** Like upload, but for what the library of FastDFS Desktop has already under the same folder and name with the same content. */
export async function sync(context: Context): Promise<void> {
  const request = await uploadRequest(context)
  await withLibrary(context, async ({ files, profileId }) => {
    const wanted: UploadRequest = { ...request, profileId, duplicates: 'sync' }
    await withEngine(context, { words: [wanted], files, profileId, interruptible: !context.args.watch }, (run) =>
      send(context, run, wanted)
    )
  })
  const { unchanged } = context.output
  if (unchanged > 0 && !context.args.quiet) context.output.note(context.output.texts.unchanged(unchanged))
}

async function uploadRequest(context: Context): Promise<UploadRequest> {
  const { args } = context
  if (args.positionals.length === 0) throw new UsageError(`${args.command} needs at least one path`)
  const metadata = parsePairs(args.meta)
  await context.assertWritable()
  return {
    profileId: PROFILE,
    paths: args.positionals.map((path) => resolve(path)),
    group: args.group ?? undefined,
    folder: args.folder ?? '',
    metadata
  }
}

async function send(context: Context, run: EngineRun, request: UploadRequest): Promise<void> {
  if (context.args.watch) return uploadNew(context, run, request)
  await run.finished(run.resumed ?? run.engine.upload(request).batchId)
}

export async function download(context: Context): Promise<void> {
  const target = resolve(requireOutput(context))
  const fileIds = (await idsOf(context)).map((facts) => facts.fileId)
  if (fileIds.length === 0) return
  await onDisk(target, () => mkdir(target, { recursive: true }))
  const { conflict } = context.args
  await withEngine(context, { words: [target, fileIds, conflict] }, async ({ engine, resumed, finished }) => {
    await finished(resumed ?? engine.download({ profileId: PROFILE, fileIds, target, keepFolders: false, conflict }).batchId)
  })
}

export async function zip(context: Context): Promise<void> {
  const target = resolve(requireOutput(context))
  const fileIds = (await idsOf(context)).map((facts) => facts.fileId)
  if (fileIds.length === 0) return
  await onDisk(dirname(target), () => mkdir(dirname(target), { recursive: true }))
  const there = onDiskSync(target, () => statSync(target, { throwIfNoEntry: false }))
  if (there && !there.isFile()) throw new AppError('TARGET_EXISTS', { detail: { path: target } })
  await withEngine(context, { words: [target, fileIds] }, async ({ engine, resumed, finished }) => {
    const batchId = resumed ?? engine.zip({ profileId: PROFILE, fileIds, target, onMissing: 'report' }).batchId
    const { target: path } = await finished(batchId)
    const archive = path === null ? undefined : statSync(path, { throwIfNoEntry: false })
    // What stood there before was left alone: then the archive is it only under another name.
    if (path === null || !archive || (there && path === target)) return
    context.output.file({ ok: true, id: null, path, size: archive.size, crc32: null, kind: 'archive' }, printable(path))
  })
}

function requireOutput({ args }: Context): string {
  if (args.output === null) throw new UsageError(`${args.command} needs -o ${args.command === 'zip' ? 'FILE' : 'DIR'}`)
  return args.output
}
