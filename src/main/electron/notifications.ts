import { Notification, shell } from 'electron'
import type { NotificationConstructorOptions } from 'electron'
import type { Events, HostWish } from '../../shared/contract.ts'
import type { BatchKind, BatchView } from '../../shared/model.ts'
import type { App } from '../app/create-app.ts'
import { textsOf } from './texts.ts'
import type { Language } from './texts.ts'

export interface NotificationOptions {
  app: Pick<App, 'subscribe' | 'dispatch'>
  language(): Language
  /** The user wants them and does not look at a window that says the same. */
  wanted(): boolean
  /** Shows a window and has it do this. */
  wish(wish: HostWish): void
}

const KINDS: readonly BatchKind[] = ['upload', 'download', 'zip', 'metadata', 'delete', 'finish']
/** Kept while they can be clicked: one that is collected as garbage no longer answers. */
const KEPT = 20
const kept: Notification[] = []

/** Tells of every finished batch once, with a button for what is wanted next. Returns what ends it. */
export function notifyOfBatches(options: NotificationOptions): () => void {
  return options.app.subscribe((message) => {
    if (message.event !== 'notice' || !options.wanted()) return
    const { code, detail } = message.data as Events['notice']
    const kind = KINDS.find((each) => each === detail['kind'])
    if ((code !== 'BATCH_DONE' && code !== 'BATCH_FAILED') || kind === undefined) return
    const good = Number(detail['done'] ?? 0) + Number(detail['skipped'] ?? 0)
    const failed = Number(detail['failed'] ?? 0)
    // Whoever cancels everything sees that it is gone.
    if (good + failed === 0 && code === 'BATCH_DONE') return
    const t = textsOf(options.language()).notification
    const batchId = Number(detail['batchId'])
    const outcome = code === 'BATCH_DONE' ? t.done[kind] : t.failed[kind]
    const facts = [String(detail['title'] ?? ''), t.files(good), ...(failed > 0 ? [t.failures(failed)] : [])]
    const next = nextStep(code === 'BATCH_DONE' ? kind : null, batchId, options)
    tell({ title: outcome, body: facts.filter((fact) => fact !== '').join(t.comma), button: t[next.label], run: next.run })
  })
}

function nextStep(doneKind: BatchKind | null, batchId: number, { app, wish }: NotificationOptions) {
  if (doneKind === 'upload') return { label: 'showInLibrary' as const, run: () => wish({ tag: 'batch', batchId }) }
  const transfers = () => wish({ tag: 'command', command: 'go-transfers' })
  if (doneKind !== 'download' && doneKind !== 'zip') return { label: 'showTransfers' as const, run: transfers }
  const reveal = async () => {
    const reply = await app.dispatch({ id: 0, name: 'transfers.batch', input: { batchId } })
    const target = 'ok' in reply ? ((reply.ok as BatchView | null)?.target ?? null) : null
    if (target === null) transfers()
    else shell.showItemInFolder(target)
  }
  return { label: 'showInFolder' as const, run: () => void reveal() }
}

/** Shows a notification; the button and a click on the whole do the same. Systems without buttons leave it out. */
export function tell(what: { title: string; body: string; button?: string; run?: () => void }): void {
  if (!Notification.isSupported()) return
  const options: NotificationConstructorOptions = { title: what.title, body: what.body }
  if (what.button !== undefined) options.actions = [{ type: 'button', text: what.button }]
  const notification = new Notification(options)
  const { run } = what
  if (run) {
    notification.on('click', run)
    notification.on('action', run)
  }
  kept.push(notification)
  if (kept.length > KEPT) kept.shift()
  notification.show()
}
